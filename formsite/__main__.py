"""`python -m formsite` is `formsite`."""

from formsite.cli import main

main()
