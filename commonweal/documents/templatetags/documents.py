"""How a document's template says shares, counted values and lists; money and dates come with every template."""

from django import template

from commonweal.documents import words

register = template.Library()
register.filter("number", words.number)
register.filter("share", words.share)
register.filter("listed", words.listed)
register.filter("symbol", words.symbol)
