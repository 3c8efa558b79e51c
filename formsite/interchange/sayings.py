"""What is said where a check of another program fails, in the languages that formsite speaks; English for others."""

from __future__ import annotations

SAYINGS: dict[str, dict[str, str]] = {
    "least_selected": {
        "en": "Choose at least {n}.",
        "de": "Wählen Sie mindestens {n}.",
        "fr": "Choisissez-en au moins {n}.",
        "es": "Elija al menos {n}.",
        "ar": "اختر {n} على الأقل.",
    },
    "most_selected": {
        "en": "Choose at most {n}.",
        "de": "Wählen Sie höchstens {n}.",
        "fr": "Choisissez-en au plus {n}.",
        "es": "Elija como máximo {n}.",
        "ar": "اختر {n} على الأكثر.",
    },
    "least_filled": {
        "en": "Give at least this many answers: {n}.",
        "de": "Geben Sie mindestens so viele Antworten: {n}.",
        "fr": "Donnez au moins ce nombre de réponses : {n}.",
        "es": "Dé al menos este número de respuestas: {n}.",
        "ar": "أعط هذا العدد من الإجابات على الأقل: {n}.",
    },
    "most_filled": {
        "en": "Give at most this many answers: {n}.",
        "de": "Geben Sie höchstens so viele Antworten: {n}.",
        "fr": "Donnez au plus ce nombre de réponses : {n}.",
        "es": "Dé como máximo este número de respuestas: {n}.",
        "ar": "أعط هذا العدد من الإجابات على الأكثر: {n}.",
    },
    "sum_is": {
        "en": "The sum must be {n}.",
        "de": "Die Summe muss {n} sein.",
        "fr": "La somme doit être {n}.",
        "es": "La suma debe ser {n}.",
        "ar": "يجب أن يكون المجموع {n}.",
    },
    "sum_least": {
        "en": "The sum must be at least {n}.",
        "de": "Die Summe muss mindestens {n} sein.",
        "fr": "La somme doit être au moins {n}.",
        "es": "La suma debe ser al menos {n}.",
        "ar": "يجب ألا يقل المجموع عن {n}.",
    },
    "sum_most": {
        "en": "The sum must be at most {n}.",
        "de": "Die Summe darf höchstens {n} sein.",
        "fr": "La somme doit être au plus {n}.",
        "es": "La suma debe ser como máximo {n}.",
        "ar": "يجب ألا يزيد المجموع على {n}.",
    },
    "least": {
        "en": "Enter {n} or more.",
        "de": "Geben Sie {n} oder mehr ein.",
        "fr": "Saisissez {n} ou plus.",
        "es": "Introduzca {n} o más.",
        "ar": "أدخل {n} أو أكثر.",
    },
    "most": {
        "en": "Enter {n} or less.",
        "de": "Geben Sie {n} oder weniger ein.",
        "fr": "Saisissez {n} ou moins.",
        "es": "Introduzca {n} o menos.",
        "ar": "أدخل {n} أو أقل.",
    },
    "rank_all": {
        "en": "Put all of them in order.",
        "de": "Bringen Sie alle in eine Reihenfolge.",
        "fr": "Classez-les tous.",
        "es": "Ordénelos todos.",
        "ar": "رتّبها كلها.",
    },
    "date_least": {
        "en": "Choose a later day.",
        "de": "Wählen Sie einen späteren Tag.",
        "fr": "Choisissez un jour plus tardif.",
        "es": "Elija un día posterior.",
        "ar": "اختر يومًا لاحقًا.",
    },
    "date_most": {
        "en": "Choose an earlier day.",
        "de": "Wählen Sie einen früheren Tag.",
        "fr": "Choisissez un jour antérieur.",
        "es": "Elija un día anterior.",
        "ar": "اختر يومًا سابقًا.",
    },
    "file": {
        "en": "Choose a file.",
        "de": "Wählen Sie eine Datei.",
        "fr": "Choisissez un fichier.",
        "es": "Elija un archivo.",
        "ar": "اختر ملفًا.",
    },
    "number": {
        "en": "Enter a number.",
        "de": "Geben Sie eine Zahl ein.",
        "fr": "Saisissez un nombre.",
        "es": "Introduzca un número.",
        "ar": "أدخل رقمًا.",
    },
    "comment": {
        "en": "Write something in the box beside it as well.",
        "de": "Schreiben Sie auch etwas in das Feld daneben.",
        "fr": "Écrivez aussi quelque chose dans la zone à côté.",
        "es": "Escriba también algo en la casilla de al lado.",
        "ar": "اكتب شيئًا في الخانة المجاورة أيضًا.",
    },
    "comment_checked": {
        "en": "Comment only on what you choose.",
        "de": "Kommentieren Sie nur, was Sie wählen.",
        "fr": "Ne commentez que ce que vous choisissez.",
        "es": "Comente solo lo que elija.",
        "ar": "علّق فقط على ما تختاره.",
    },
    "comment_unchecked": {
        "en": "Comment only on what you do not choose.",
        "de": "Kommentieren Sie nur, was Sie nicht wählen.",
        "fr": "Ne commentez que ce que vous ne choisissez pas.",
        "es": "Comente solo lo que no elija.",
        "ar": "علّق فقط على ما لا تختاره.",
    },
    "format": {
        "en": "Check your answer: it does not fit what is asked for.",
        "de": "Prüfen Sie Ihre Antwort: Sie passt nicht zu dem, was gefragt ist.",
        "fr": "Vérifiez votre réponse : elle ne correspond pas à ce qui est demandé.",
        "es": "Compruebe su respuesta: no corresponde a lo que se pide.",
        "ar": "تحقق من إجابتك: فهي لا تناسب المطلوب.",
    },
    "why": {
        "en": "The questionnaire needs this answer.",
        "de": "Der Fragebogen braucht diese Antwort.",
        "fr": "Le questionnaire a besoin de cette réponse.",
        "es": "El cuestionario necesita esta respuesta.",
        "ar": "يحتاج الاستبيان إلى هذه الإجابة.",
    },
    "other": {"en": "Other", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "ar": "أخرى", "it": "Altro", "nl": "Anders"},
    "female": {"en": "Female", "de": "Weiblich", "fr": "Féminin", "es": "Femenino", "ar": "أنثى", "it": "Femmina"},
    "male": {"en": "Male", "de": "Männlich", "fr": "Masculin", "es": "Masculino", "ar": "ذكر", "it": "Maschio"},
    "yes": {"en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "ar": "نعم", "it": "Sì"},
    "no": {"en": "No", "de": "Nein", "fr": "Non", "es": "No", "ar": "لا", "it": "No"},
    "uncertain": {"en": "Uncertain", "de": "Unsicher", "fr": "Incertain", "es": "Dudoso", "ar": "غير متأكد", "it": "Incerto"},
    "increase": {"en": "Increase", "de": "Zunahme", "fr": "Augmentation", "es": "Aumento", "ar": "زيادة", "it": "Aumento"},
    "same": {"en": "Same", "de": "Gleich", "fr": "Identique", "es": "Igual", "ar": "بدون تغيير", "it": "Uguale"},
    "decrease": {"en": "Decrease", "de": "Abnahme", "fr": "Diminution", "es": "Disminución", "ar": "نقصان", "it": "Diminuzione"},
}  # fmt: skip
CODES = {
    "F": "female",
    "M": "male",
    "Y": "yes",
    "N": "no",
    "U": "uncertain",
    "I": "increase",
    "S": "same",
    "D": "decrease",
}


def say(key: str, languages: tuple[str, ...], **given: str) -> dict[str, str]:
    """The words for `key` in each language."""
    known = SAYINGS[key]
    return {tag: known.get(tag.split("-")[0], known["en"]).format(**given) for tag in languages}
