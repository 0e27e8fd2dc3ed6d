"""In which field a community business trades."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("borrowers", "0003_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="sector",
            field=models.CharField(
                blank=True,
                choices=[
                    ("Shop or post office", "Shop or post office"),
                    ("Pub, café or hostel", "Pub, café or hostel"),
                    ("Food and farming", "Food and farming"),
                    ("Energy and environment", "Energy and environment"),
                    ("Arts, culture and heritage", "Arts, culture and heritage"),
                    ("Sport and leisure", "Sport and leisure"),
                    ("Health, care and childcare", "Health, care and childcare"),
                    ("Housing and land", "Housing and land"),
                    ("Transport and broadband", "Transport and broadband"),
                    ("Work space and making", "Work space and making"),
                    ("Community hub", "Community hub"),
                    ("Something else", "Something else"),
                ],
                default="",
                max_length=40,
            ),
        ),
    ]
