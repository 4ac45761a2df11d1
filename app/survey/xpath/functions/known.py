"""Every function that a form may name."""

from app.survey.xpath.functions import core, dates, numbers, places, text
from app.survey.xpath.functions.declaring import Function

FUNCTIONS: dict[str, Function] = {
    **core.FUNCTIONS.held,
    **text.FUNCTIONS.held,
    **numbers.FUNCTIONS.held,
    **dates.FUNCTIONS.held,
    **places.FUNCTIONS.held,
}
