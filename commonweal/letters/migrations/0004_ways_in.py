"""Two kinds of letter more: the way in for who is invited, and to a new password."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0003_consent_letters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("due_week", "A week before a payment is due"),
                    ("due_day", "The day before a payment is due"),
                    ("received", "When a payment has arrived"),
                    ("missed", "When a payment has not arrived"),
                    ("answered", "When something you asked for is answered"),
                    ("message", "When the fund has written to you"),
                    ("statement", "When there is a new statement"),
                    ("rate", "When the interest rate changes"),
                    ("notice", "A formal letter about your loan"),
                    ("debit", "Before a Direct Debit is collected"),
                    ("ret_open", "When a return about what you achieved can be filled in"),
                    ("ret_week", "A week before a return is due"),
                    ("ret_day", "The day before a return is due"),
                    ("ret_sent", "A receipt when you have sent a return"),
                    ("capital", "A capital call or a distribution"),
                    ("consent", "When lenders of a loan are asked to agree to something"),
                    ("invited", "When you are let in"),
                    ("password", "When you ask for a new password"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="letterchoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("due_week", "A week before a payment is due"),
                    ("due_day", "The day before a payment is due"),
                    ("received", "When a payment has arrived"),
                    ("missed", "When a payment has not arrived"),
                    ("answered", "When something you asked for is answered"),
                    ("message", "When the fund has written to you"),
                    ("statement", "When there is a new statement"),
                    ("rate", "When the interest rate changes"),
                    ("notice", "A formal letter about your loan"),
                    ("debit", "Before a Direct Debit is collected"),
                    ("ret_open", "When a return about what you achieved can be filled in"),
                    ("ret_week", "A week before a return is due"),
                    ("ret_day", "The day before a return is due"),
                    ("ret_sent", "A receipt when you have sent a return"),
                    ("capital", "A capital call or a distribution"),
                    ("consent", "When lenders of a loan are asked to agree to something"),
                    ("invited", "When you are let in"),
                    ("password", "When you ask for a new password"),
                ],
                max_length=10,
            ),
        ),
    ]
