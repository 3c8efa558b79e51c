"""Other words under which people look for a starter, in the library's search."""

from __future__ import annotations

from collections.abc import Mapping

ALSO: Mapping[str, str] = {
    "questionnaire": "survey poll usage",
    "market_research": "survey screening brand awareness",
    "price_test": "pricing survey",
    "nps": "net promoter score loyalty survey",
    "csat": "customer satisfaction score survey",
    "ces": "customer effort score survey",
    "website_feedback": "usability page survey",
    "quiz": "test score knowledge",
    "consumer_panel": "profile interests",
    "contact": "message enquiry",
    "support_satisfaction": "ticket helpdesk service survey",
    "form_problem": "error bug report help",
    "accessibility": "barrier wcag",
    "event_sign_up": "conference workshop booking",
    "rsvp": "party wedding guests",
    "membership": "club association join application",
    "volunteer": "helpers shifts",
    "appointment": "booking meeting",
    "product_registration": "guarantee warranty",
    "warranty_claim": "guarantee repair fault",
    "return_request": "refund rma",
    "order_request": "quote purchase shop",
    "competition": "contest win",
    "prize_draw": "raffle sweepstake giveaway lottery win",
    "photo_contest": "picture upload competition",
    "instant_win": "winning scratch",
    "promotion": "offer free",
    "voucher": "coupon discount code",
    "sample_request": "free",
    "newsletter": "mailing list subscribe opt-in",
    "job_application": "career recruiting cv",
    "employee_pulse": "staff survey mood",
    "course_evaluation": "training teaching survey",
}
