"""Invented values for the sentences of the templates. Nobody has these names, numbers and addresses by intention.

Telephone numbers are from ranges kept for drama (Ofcom, NANP 555-01xx, Bundesnetzagentur, ARCEP) or of no assigned
form; national and account numbers have right check digits where there are any, and are published examples, test
ranges or of places and banks that there are not.
"""

from collections.abc import Callable
from random import Random

LISTS: dict[str, tuple[str, ...]] = {
    "first": (
        *("Siobhán", "Rohan", "Agnieszka", "Marcus", "Deirdre", "Tunde", "Yasmin", "Callum", "Ingrid", "Mateo"),
        *("Niamh", "Harpreet", "Zofia", "Leroy", "Fionnuala", "Chidi", "Leila", "Angus", "Birgit", "Rafael"),
        *("Eoghan", "Lakshmi", "Wojciech", "Darnell", "Maeve", "Ngozi", "Omar", "Rhiannon", "Jürgen", "Inês"),
        *("Sarah", "Vikram", "Beata", "Tyrone", "Peggy", "Amara", "Hassan", "Hamish", "Heike", "Joaquín"),
        *("Kevin", "Anjali", "Emre", "Brandi", "Colm", "Kofi", "Nadia", "Morag", "Wiebke", "Catarina"),
        *("Jean", "Sunil", "Elif", "Travis", "Nuala", "Adaeze", "Tariq", "Gareth", "Detlef", "Duarte"),
        *("Linh", "Mei", "Sanjay", "Doreen", "Patrick", "Hyun-woo", "Aroha", "Svetlana", "Bogdan", "Rosalind"),
        *("Thuy", "Wei", "Kavita", "Norman", "Bridget", "Soo-jin", "Tane", "Dmitri", "Ioana", "Clifford"),
    ),
    "last": (
        *(
            "O'Driscoll",
            "Banerjee",
            "Kowalczyk",
            "Washington",
            "Byrne",
            "Adeyemi",
            "Haddad",
            "McAllister",
            "Krüger",
        ),
        *(
            "Kavanagh",
            "Mukherjee",
            "Wiśniewska",
            "Jefferson",
            "Gallagher",
            "Okonkwo",
            "Rahimi",
            "Drummond",
            "Vogel",
        ),
        *("Ashworth", "Reyes", "Nguyen", "Yılmaz", "Postlethwaite", "Teixeira", "van der Meer", "Lindqvist", "Ng"),
        *("Hardcastle", "Ortega", "Tran", "Demir", "Throssell", "Fonseca", "de Vries", "Haugen", "Li"),
        *("Pemberton", "Castellano", "Abernathy", "Iyer", "Oyelaran", "Whitlock", "Sørensen", "Petrov", "Mbeki"),
        *(
            "Cartwright",
            "Delacroix",
            "Buchanan",
            "Pillai",
            "Mensah",
            "Ridgeway",
            "Nowicki",
            "Ivanova",
            "Tshabalala",
        ),
        *("King", "Brown", "Young", "Marsh", "Bishop", "Stone", "Cook", "Carpenter", "Wood", "Fields"),
    ),
    "cream": (
        *("imiquimod", "Aldara", "Efudix", "DPCP", "Zyclara", "diphencyprone", "Veregen", "SADBE", "5-FU"),
        *("the green tea ointment", "cantharidin", "fluorouracil", "Protopic", "squaric acid", "podophyllotoxin"),
        *("the calcipotriol mix", "Klisyri", "Picato"),
    ),
    "patch": (
        *(
            "scalp",
            "shin",
            "left temple",
            "nose",
            "forearm",
            "ear",
            "chest",
            "heel",
            "thumb",
            "hairline",
        ),
        *("lower back", "big toe", "shoulder", "upper lip", "knuckles", "calf"),
    ),
    "trouble": (
        *("sun spots", "plantar warts", "a patch of Bowen's", "alopecia", "a basal cell", "genital warts"),
        *("periungual warts", "actinic keratosis", "molluscum", "a superficial BCC", "vitiligo", "flat warts"),
    ),
    "span": (
        "six weeks",
        "nine weeks",
        "four months",
        "a fortnight",
        "three cycles",
        "twelve weeks",
        "half a year",
    ),
    "state": ("California", "Ohio", "Bavaria", "Scotland", "Kerala", "Queensland", "Wales", "Texas", "Ontario"),
    "town_uk": (
        *("Basingstoke", "Hebden Bridge", "Kilmarnock", "Llanelli", "Grimsby", "Newry", "Chorley", "Reading"),
        *("Rotherham", "Aberystwyth", "Whitby", "Paisley", "Stevenage", "Omagh", "Diss", "Bath"),
        *("Peterborough", "Merthyr Tydfil", "Inverness", "Luton", "Bury St Edmunds", "Deal", "Wigan", "Crieff"),
    ),
    "town_us": (
        *("Chattanooga", "Boise", "Rochester", "Albuquerque", "Kalamazoo", "Des Moines", "Santa Rosa", "Flint"),
        *("Tallahassee", "Spokane", "Worcester", "Tucson", "Fort Wayne", "Sioux Falls", "Mobile", "Shreveport"),
    ),
    "town_ie": ("Athlone", "Tralee", "Letterkenny", "Mullingar", "Ennis", "Drogheda", "Clonmel", "Ballina"),
    "town_in": ("Coimbatore", "Nagpur", "Bhopal", "Madurai", "Kochi", "Lucknow", "Vadodara", "Mysuru"),
    "town_de": ("Göttingen", "Paderborn", "Chemnitz", "Bad Kreuznach", "Ulm", "Flensburg", "Essen", "Gera"),
    "town_fr": ("Limoges", "Quimper", "Besançon", "Pau", "Saint-Étienne", "Nîmes", "Tours", "Niort"),
    "town_es": ("Albacete", "Lugo", "Badajoz", "Tarrasa", "Ponferrada", "Jaén", "Alcoy", "Toledo"),
    "town_pl": ("Bydgoszczy", "Rzeszowa", "Olsztynie", "Kielcach", "Tarnowa", "Gliwicach", "Radomia", "Płocku"),
    "town_pt": ("Setúbal", "Viseu", "Faro", "Guimarães", "Leiria", "Bragança"),
    "town_nl": ("Apeldoorn", "Zwolle", "Helmond", "Leeuwarden", "Breda", "Assen"),
    "town_tr": ("Eskişehir", "Denizli", "Trabzon", "Kayseri", "Bandırma", "Samsun"),
    "county": ("County Clare", "Kent", "Dorset", "County Mayo", "Fife", "Shropshire", "Maricopa County", "Cumbria"),
    "street": (
        *("17 Larkspur Close", "4b Tanner's Row", "212 Old Quarry Road", "33 Westbrook Avenue", "9 Priory Mews"),
        *("1180 Juniper St", "Flat 6, Eldon House", "58 Gannet Drive", "41 Cobbler's Lane", "702 E Magnolia Blvd"),
        *("26 Saltmarsh Terrace", "3 Glebe View"),
    ),
    "street_de": ("Lindenstraße 14", "Am Mühlbach 3", "Kastanienallee 27a", "Rosenweg 8"),
    "hospital": (
        *("St Brannoc's Hospital", "Queen Edith Infirmary", "Royal Fenland Hospital", "Mercy Ridge Medical Center"),
        *("Harrowgate General", "Cedar Bluff Clinic", "Kestrel Park Hospital", "Our Lady of Knock Hospital"),
        *("Addenbrooke's", "the Freeman", "Cleveland Clinic", "the Mater"),
    ),
    "practice": (
        *(
            "Millpond Surgery",
            "Oakfield Medical Practice",
            "the Harbour Road Health Centre",
            "Bluebell Dermatology",
        ),
        *("Castle Gate Surgery", "Lakeview Family Practice", "Riverside Skin Clinic", "Sandhills Group Practice"),
    ),
    "postcode": ("LS27 9QX", "BT71 4ZR", "EH6 7XX", "CF31 5ZZ", "ME14 2QZ", "G42 9YX", "NR19 2XZ", "TQ3 1QQ"),
    "date_uk": (
        *("14 March 2023", "02/11/2021", "3rd of August 2022", "21.9.22", "the 7th of June 2019", "30 Oct 2024"),
        *("11/4/23", "19th January 2020", "28 Feb 2021", "Tuesday 6 December 2022", "5-7-2023", "1 April"),
    ),
    "date_us": (
        *("March 14, 2023", "11/02/2021", "Aug 3rd, 2022", "9/21/22", "June 7 2019", "10-30-2024"),
        *("April 11", "January 19th 2020", "02/28/21", "Dec. 6, 2022", "July 5th", "2023-05-17"),
    ),
    "date_de": ("14. März 2023", "02.11.2021", "3. August", "21.9.22", "7. Juni 2019", "30.10."),
    "day_month": ("14th March", "the 2nd of November", "3 August", "September 21st", "7th June", "30th Oct"),
    "month_year": ("March 2022", "November 2019", "Aug 2021", "October '23", "June 2020", "Feb 2024"),
    "month": ("March", "November", "August", "October", "June", "February"),
    "age90": ("91", "94", "93", "97", "90", "102"),
    "fax_uk": (
        "01632 960 417",
        "(0117) 496 0822",
        "0121 496 0339",
        "020 7946 0714",
        "+44 1632 960218",
        "0113 4960556",
    ),
    "fax_us": ("(312) 555-0187", "415-555-0139", "1-617-555-0166", "206.555.0112"),
    "phone_fr": ("01 99 00 41 27", "06 39 98 55 10", "+33 6 39 98 72 04", "02.61.91.33.08", "06-39-98-12-66"),
    "phone_ie": ("020 913 4471", "020 918 0062", "+353 20 915 7730", "(020) 911 2284"),
    "phone_in": ("+91 55550 01432", "055550 01876", "+91-55550-07713", "55550 02291"),
    "phone_es": ("+34 555 014 772", "555 01 83 26", "+34 555 019 430", "555 012 667"),
    "phone_pl": ("+48 999 014 772", "999 018 326", "+48 999 019 430", "999-012-667"),
    "phone_nl": ("+31 6 00127734", "06-00128841", "06 00 12 99 03", "+31600120058"),
    "phone_tr": ("0500 000 41 27", "+90 500 000 55 10", "0500 000 72 04", "0 500 000 33 08"),
    "phone_pt": ("990 001 427", "+351 990 005 510", "990 007 204", "+351 990003308"),
    "phone_spoken": (
        "zero seven seven double-oh nine double-oh one two three",
        "oh seven seven zero zero, nine zero zero, four five six",
        "0 seven 7 hundred nine double zero 8 1 7",
        "four one five, five five five, oh one nine nine",
        "O77OO 9OO 455",
        "077 00 nine-hundred 682",
        "o seven seven o o nine o o two four one",
        "three one two - five five five - zero one four two",
    ),
    "email_spelt": (
        "wilma dot tarn at example dot org",
        "rash.diary77 (at) example (dot) com",
        "quillfeather at gmail",
        "brogan_k [at] example [dot] co [dot] uk",
        "l dot marrow AT example DOT net",
        "tinker underscore moth at outlook dot com",
        "peaty-bog at hotmail dot co dot uk",
        "o.varnish{at}example.org",
        "halloumi minus fan at gmx dot de",
        "jdvex 41 at yahoo.com",
        "nettle1962 at-sign example dot com",
        "fernwick @ example . org",
    ),
    "url_spelt": (
        "wartdiary dot example dot com",
        "www dot peelingweeks dot org",
        "skinlog[.]example[.]net",
        "hxxp://my-face.example/x",
    ),
    "handle": (
        *("@patchy_petra", "@sunspot.sid", "u/not_my_nose_again", "@the.dpcp.diaries", "@wart_warrior88"),
        *("@kerrys_scalp", "u/bowensbloke", "@itchy.in.iowa", "@peelingpaula", "@immuno_ian"),
    ),
    "handle_cued": ("patchypetra_71", "sunspotsid", "scalpdiary.k", "bowensbloke", "itchy_iowa", "kerrys-scalp"),
    "plate_uk": ("LK68 VXZ", "YT19 QHB", "BX21 KKD", "SF07 WRN", "OY23 LLM", "GN55 ZTE"),
    "plate_de": ("KS-LM 4412", "PB XK 903", "UL-QQ 27", "FL-ZT 5518"),
    "plate_us": ("7XQZ418", "KLR 2290", "ABX-4471", "4GNT 93"),
    "nhs": (
        "999 117 8198",
        "9991349383",
        "999 151 0575",
        "999 168 1760",
        "999-185-2956",
        "999 202 4143",
        "9992195339",
        "999 236 6524",
    ),
    "ni": ("JH 00 47 12 D", "PR007731B", "LT 00 09 04 A", "jg005521c"),
    "ssn": ("987-65-4320", "987 65 4327", "987-65-4329", "987-65-4324"),
    "pps": ("0007731E", "0005521G", "0000412W", "0009004G"),
    "steuer": ("86 095 742 719", "47036892816", "65 929 970 489", "57549285017"),
    "dni": ("00000142G", "00000377-D", "00000581Y", "00000906D"),
    "pesel": ("99321401201", "99321705503", "99321109406", "99321200602"),
    "nir": ("2 99 01 99 000 001 54", "199029900011704"),
    "nif": ("100 000 126", "100003710", "100 005 594"),
    "bsn": ("999900109", "9999.00.237", "999900365", "999900754"),
    "kimlik": ("10000001440", "10000037258", "10000055900"),
    "aadhaar": ("2999 9000 0120", "3999 9000 4475", "599990008834"),
    "sin": ("046 412 342", "046 455 713", "046-490-827"),
    "mrn": ("RX4471902", "H0098123", "00417-882", "M 553 2019", "K771204", "8834412", "PT-20-44817", "Z0061577"),
    "insurance": ("XEA884120552", "W2209 41187 01", "PPO-7714-22093", "BU 40 881 227", "H77120934", "AX-30092-B"),
    "kvnr": ("X000123455", "Z000981271", "Q000555015", "Y000700313"),
    "iban": (
        "GB72 ZZZZ 0000 0012 3456 78",
        "GB75ZZZZ00000087314402",
        "IE44 ZZZZ 0000 0055 5123 45",
        "IE12ZZZZ00000010447788",
    ),
    "iban_de": ("DE50 0000 0000 0123 4567 89", "DE98000000000664310077"),
    "card": ("4000 0000 0000 1232", "4000000000044711", "4000-0000-0000-9086", "4000 0000 0006 6508"),
    "account": ("00-00-91 61204477", "00 00 12, 33108854", "000177-90022141", "00-00-45 / 70011829"),
    "licence_uk": ("QUIRK 612034 AB9CD", "THROS710221J99ZX", "MARRO 505093 K97QT", "VEXJD801156W99AA"),
    "passport": ("533401872", "C00X00T47", "918800245", "P0044718"),
    "gmc": ("7799012", "7788431", "7790556", "7781207"),
    "pin": ("17Z0042X", "98Z1177E", "04Z3310C", "21Z0905K"),
    "device": (
        "SN 8842-KX-0091",
        "PJN441209S",
        "CGM-77-310042-B",
        "4471-0098-2216",
        "ICD 20X-881402",
        "MZ009183342",
    ),
    "ip": ("192.0.2.44", "198.51.100.17", "203.0.113.209", "2001:db8::7a1:22", "192.0.2.191", "2001:db8:0:44::9"),
    "picture": (
        *(
            "IMG_4471.jpg",
            "a photo of my face before and after",
            "the selfies I uploaded",
            "a picture of my whole face",
        ),
        *("my profile photo", "face_week6.png", "full face photos", "the photo of me with the bandage"),
    ),
    "biometric": (
        *("my thumbprint", "my fingerprints", "the iris scan", "my voiceprint", "a retina scan", "my palm print"),
    ),
    "employer": (
        *("Harrow Vale Primary School", "Tesserby Logistics", "Bramcote Bakery", "the Dunmore Gazette"),
        *("St Hilda's High", "Northgate Foundry", "Fenwick & Dale Solicitors", "Lowmoor Colliery Band"),
    ),
}


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _each in range(count))


def _mobile_uk(random: Random) -> str:
    end = _digits(random, 3)
    forms = (f"07700 900{end}", f"07700900{end}", f"+44 7700 900 {end}", f"0770 0900 {end}", f"07700-900-{end}")
    return random.choice(forms)


def _landline_uk(random: Random) -> str:
    end = _digits(random, 3)
    forms = (f"020 7946 0{end}", f"(0161) 496 0{end}", f"0118 4960{end}", f"+44 29 2018 0{end}", f"01632 960{end}")
    return random.choice(forms)


def _phone_us(random: Random) -> str:
    area, end = random.choice(("415", "312", "617", "503", "919")), f"01{_digits(random, 2)}"
    forms = (
        f"({area}) 555-{end}",
        f"{area}-555-{end}",
        f"{area}.555.{end}",
        f"+1 {area} 555 {end}",
        f"{area}555{end}",
    )
    return random.choice(forms)


def _phone_de(random: Random) -> str:
    end = _digits(random, 3)
    return random.choice((f"030 23125{end}", f"0221/4710 {end}", f"+49 (0)40 66969 {end}", f"0171 39200{end[:2]}"))


def _email(random: Random) -> str:
    name = random.choice(("quarrymouse", "b.tansy", "Ilse_Fenn", "otter+skin", "r.k.dale", "mooncheese", "tk421x"))
    place = random.choice(("example.org", "example.com", "mail.example.net", "wartdiary.example", "posteo.example"))
    return f"{name}{random.choice(('', random.randrange(100)))}@{place}"


def _url(random: Random) -> str:
    path = random.choice(("my-diary", "before-after", "sore-weeks", "p/2231", "u/9917x", "scalp?day=40"))
    starts = (
        "https://example.org/",
        "www.example.com/",
        "http://skin.example.net/",
        "wartdiary.co.uk/",
        "example.org/",
    )
    return random.choice(starts) + path


MAKERS: dict[str, Callable[[Random], str]] = {
    "mobile_uk": _mobile_uk,
    "landline_uk": _landline_uk,
    "phone_us": _phone_us,
    "phone_de": _phone_de,
    "email": _email,
    "url": _url,
}
"""Values without a list; what they make is of the same ranges on both sides of the split."""
