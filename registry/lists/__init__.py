"""Lists and forms of households from outside: tables sent by officers, the XLSForm, submissions of ODK and Kobo."""
