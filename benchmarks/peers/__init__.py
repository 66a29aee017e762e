"""Bots that Merilo is measured against, written as their own documentation shows.

They play the same 35 statements in English: /start shows the first card, an answer edits the card
into the next one and answers the tap. Of the card's eight buttons the four answers work; the four
tools below them are there so that a card is as large as Merilo's. Consent, languages, results, the
way back and the check for repeated deliveries are all missing, in the peers' favour.
"""
