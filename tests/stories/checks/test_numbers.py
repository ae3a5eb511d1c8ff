"""Numbers that belong to one person are found and named for what they are."""

import pytest

from stories.checks.finding import Known
from stories.checks.identity import identity
from stories.content import Content


def found(text: str) -> list[tuple[str, str]]:
    content = Content(narrative=text)
    return [(finding.kind.value, text[finding.start : finding.end]) for finding in identity(content, Known())]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NHS number 943 476 5919", "943 476 5919"),
        ("my nhs no. is 9434765919", "9434765919"),
        ("my SSN 123-45-6789 was on it", "123-45-6789"),
        ("NI number AB 12 34 56 C", "AB 12 34 56 C"),
        ("CPR 010170-1234", "010170-1234"),
        ("BSN 123456782", "123456782"),
        ("DNI 12345678Z", "12345678Z"),
        ("Steuer-ID 86095742719", "86095742719"),
        ("SIN 046 454 286", "046 454 286"),
        ("TFN 123 456 782", "123 456 782"),
        ("PPS number 1234567T", "1234567T"),
        ("personnummer 811218-9876", "811218-9876"),
    ],
)
def test_a_national_number_is_found_by_its_cue(text: str, number: str) -> None:
    assert found(text) == [("national_number", number)]


@pytest.mark.parametrize(
    "number",
    [
        "123-45-6789",
        "AB123456C",
        "44051401359",
        "2 69 05 49 588 157 80",
        "12345678Z",
        "RCCMNL83S18D969H",
        "85.07.30-033.28",
        "111.444.777-35",
    ],
)
def test_a_national_number_is_found_by_its_form_or_check_digit(number: str) -> None:
    assert found(f"it said {number} on the card") == [("national_number", number)]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("MRN: 1234567.", "record_number", "1234567"),
        ("hospital number X12345", "record_number", "X12345"),
        ("my case ref is DER/2021/4482", "record_number", "DER/2021/4482"),
        ("policy no. 55512", "insurance_number", "55512"),
        ("member ID W123456789", "insurance_number", "W123456789"),
        ("it said 1EG4-TE5-MK73 on it", "insurance_number", "1EG4-TE5-MK73"),
        ("account number 12345678", "account_number", "12345678"),
        ("sort code 12-34-56", "account_number", "12-34-56"),
        ("it said DE89 3704 0044 0532 0130 00 on it", "account_number", "DE89 3704 0044 0532 0130 00"),
        ("it said 4111 1111 1111 1111 on it", "account_number", "4111 1111 1111 1111"),
        ("passport number 533401372", "licence_number", "533401372"),
        ("it said MORGA657054SM9IJ on it", "licence_number", "MORGA657054SM9IJ"),
        ("my car, AB12 CDE, was towed", "plate", "AB12 CDE"),
        ("number plate B-MN 1234", "plate", "B-MN 1234"),
        ("pump serial number SN-4459921", "device_number", "SN-4459921"),
        ("IMEI 490154203237518", "device_number", "490154203237518"),
        ("it said 00:1B:44:11:3A:B7 on it", "device_number", "00:1B:44:11:3A:B7"),
        ("employee number 448812", "number", "448812"),
        ("from 192.168.10.44 it said", "ip_address", "192.168.10.44"),
        ("from 2001:db8::ff00:42:8329 it said", "ip_address", "2001:db8::ff00:42:8329"),
        ("fax 020 7946 0999", "fax", "020 7946 0999"),
        (
            "ring oh seven seven zero zero nine double zero one",
            "phone",
            "oh seven seven zero zero nine double zero one",
        ),
    ],
)
def test_a_number_is_named_for_what_it_is(text: str, kind: str, number: str) -> None:
    assert found(text) == [(kind, number)]


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4 of the app, chapter 10.2.3.1",
        "my case in 2019, the hospital in 2020, group 4, unit 12, room 101",
        "I booked at 0930 for the 10 o'clock, plan 1200 calories, card 12",
        "one two three and it was gone, seven eight weeks",
    ],
)
def test_other_figures_are_left_alone(text: str) -> None:
    assert found(text) == []
