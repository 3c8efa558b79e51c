"""What a user would write by hand instead: Flask, Flask-WTF and Flask-SQLAlchemy as their tutorials show them.

Ten questions and a consent box, one table for answers and one for consent, SQLite as it comes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Email, Length, NumberRange, Optional

app = Flask(__name__)
app.config.update(
    SECRET_KEY="only-for-the-benchmark",
    SQLALCHEMY_DATABASE_URI=os.environ.get("NAIVE_DATABASE_URL", "sqlite:///naive.db"),
)
db = SQLAlchemy(app)


class Answer(db.Model):  # type: ignore[name-defined, misc]
    """One submission."""

    id = db.Column(db.Integer, primary_key=True)
    full_name = db.Column(db.String(200))
    town = db.Column(db.String(200))
    email = db.Column(db.String(200))
    age = db.Column(db.Integer)
    visited_on = db.Column(db.Date)
    connection = db.Column(db.String(50))
    heard_from = db.Column(db.String(50))
    interests = db.Column(db.String(200))
    rating = db.Column(db.Integer)
    comments = db.Column(db.Text)
    created_at = db.Column(db.DateTime)


class Consent(db.Model):  # type: ignore[name-defined, misc]
    """Whether the box was ticked."""

    id = db.Column(db.Integer, primary_key=True)
    answer_id = db.Column(db.ForeignKey("answer.id"))
    given = db.Column(db.Boolean)
    created_at = db.Column(db.DateTime)


def _choices(*names: str) -> list[SelectChoice]:
    return [SelectChoice(value=name, label=name.title()) for name in names]


class AnswerForm(FlaskForm):
    """The ten questions."""

    full_name = StringField("Your name", validators=[Optional(), Length(max=200)])
    town = StringField("Your town", validators=[Optional(), Length(max=200)])
    email = EmailField("E-mail address", validators=[DataRequired(), Email()])
    age = IntegerField("Your age", validators=[Optional(), NumberRange(0, 130)])
    visited_on = DateField("When did you visit?", validators=[Optional()])
    connection = RadioField(
        "Your connection", choices=_choices("fibre", "cable", "mobile"), validators=[Optional()], validate_choice=False
    )
    heard_from = RadioField(
        "Where did you hear of us?",
        choices=_choices("friend", "press", "search"),
        validators=[Optional()],
        validate_choice=False,
    )
    interests = SelectMultipleField("Your interests", choices=_choices("news", "offers", "events", "tests"))
    rating = RadioField(
        "How was it?", choices=_choices("1", "2", "3", "4", "5"), validators=[Optional()], validate_choice=False
    )
    comments = TextAreaField("Anything else?", validators=[Optional(), Length(max=5000)])
    consent = BooleanField("Ask me once, by e-mail, how this form worked for me")


@app.route("/", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Show it, or store it."""
    page = AnswerForm()
    if page.validate_on_submit():
        now = datetime.now(UTC)  # the tutorial's way
        answer = Answer(
            full_name=page.full_name.data,
            town=page.town.data,
            email=page.email.data,
            age=page.age.data,
            visited_on=page.visited_on.data,
            connection=page.connection.data,
            heard_from=page.heard_from.data,
            interests=",".join(page.interests.data or []),
            rating=int(page.rating.data) if page.rating.data else None,
            comments=page.comments.data,
            created_at=now,
        )
        db.session.add(answer)
        db.session.flush()
        db.session.add(Consent(answer_id=answer.id, given=page.consent.data, created_at=now))
        db.session.commit()
        return redirect(url_for("thanks"))
    return render_template("naive.html", form=page)


@app.get("/thanks")
def thanks() -> str:
    """The end."""
    return "Thank you"


with app.app_context():
    db.create_all()
