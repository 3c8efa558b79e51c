-- Sends prepared bodies, one after the other, each once; `bodies` and `cookie` come as arguments.
local bodies, at, cookie, path = {}, 0, nil, "/"
function init(args)
  path = args[1]
  for line in io.lines(args[2]) do bodies[#bodies + 1] = line end
  if args[3] then cookie = args[3] end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  if cookie then wrk.headers["Cookie"] = cookie end
end
function request()
  at = at + 1
  if at > #bodies then at = 1; spent = true end
  return wrk.format(nil, path, nil, bodies[at])
end
