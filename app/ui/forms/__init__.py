"""Fields: label above, control, then a hint or an error. Nothing pre-ticked, no colon, `*` for required.

field      Field, Form
text       TextBox, MoneyBox, DateBox: lines that know what they hold
password   PasswordBox: eye, caps lock and input method noticed
choices    Joined (≤ 4 answers), Radios (≤ 7), Dropdown, Reason (ready phrases)
picking    PickBox: a searchable list for more; a callable finds, accents are never needed
keyed      buttons of which one is chosen, by key: what joined buttons, radios and cards share
cards      ChoiceCards, ConsentCard
masked     MaskedValue: “014•••••2213 · Show” for 20 s, each look told to the caller

Controls share `value()`, `set_value()` and `changed`. May not enter: rules; a control only reads
what was typed, the domain and the actions judge it.
"""
