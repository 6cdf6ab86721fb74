"""What providers call the columns of a roster, in English and Spanish, as `fold_header` leaves them."""

import re

from coppice.programs.rosters.fields import Field

ORGANIZATION = (
    r"(?:organi[sz]ation|org|agency|employer|company|institution|cbo|workplace"
    r"|organizacion|institucion|empresa|entidad|agencia)"
)

NAMES = {
    Field.EMAIL: (
        "email|e mail|mail|email address|e mail address|email id|work email|correo"
        "|correo electronico|direccion de correo|direccion de correo electronico"
        "|email de contacto|contact email"
    ),
    Field.PHONE: (
        "phone|phone number|telephone|telephone number|tel|mobile|mobile phone|mobile number"
        "|cell|cell phone|cellphone|cell number|whatsapp|contact number|telefono"
        "|numero de telefono|celular|movil"
    ),
    Field.GIVEN_NAME: (
        "first name|firstname|given name|given names|forename|fname|nombres|primer nombre|nombre de pila"
    ),
    Field.FAMILY_NAME: ("last name|lastname|family name|surname|lname|apellido|apellidos|primer apellido"),
    Field.FULL_NAME: (
        "name|full name|fullname|first and last name|name first and last|participant"
        "|participant name|member|member name|person|attendee|student|student name|contact"
        "|contact name|contact person|display name|nombre|nombre completo|nombre y apellido"
        "|nombre y apellidos|participante|persona|miembro"
    ),
    Field.EXTERNAL_ID: (
        "id|external id|participant id|member id|person id|student id|employee id|staff id"
        "|user id|record id|client id|identifier|student number|member number|identificador"
        "|numero de identificacion"
    ),
    Field.ORGANIZATION_AREA: (
        "organization area|area|service area|region|county|district|city|town|location|state"
        "|zona|condado|municipio|ciudad|departamento|provincia|estado"
    ),
    Field.ORGANIZATION_TYPE: (
        "organization type|organisation type|type of organization|type of organisation"
        "|org type|agency type|type of agency|sector|tipo de organizacion|tipo de entidad"
    ),
    Field.IS_LEADER: (
        "leader|is leader|lead|is lead|organization lead|organisation lead"
        "|organization leader|org lead|team lead|leads the organization|lider|es lider"
        "|dirige la organizacion"
    ),
    Field.ORGANIZATION: "organizations|organisations|organizaciones",
    Field.JOB_TITLE: (
        "job title|title|role|job role|position|job|occupation|job position|puesto|cargo|rol|titulo|ocupacion"
    ),
    Field.LANGUAGE: (
        "language|preferred language|language preference|primary language|languages|idioma"
        "|lengua|idioma preferido|idiomas|lenguaje"
    ),
    Field.TIME_ZONE: ("time zone|timezone|tz|zona horaria|huso horario"),
    Field.ACCESS_NEEDS: (
        "access needs|accessibility|accessibility needs|accommodations|accommodations needed"
        "|accommodation needs|special needs|necesidades de acceso|accesibilidad|adaptaciones"
        "|ajustes"
    ),
    Field.JOINED_ON: (
        "joined|joined on|join date|date joined|member since|enrolled|enrolled on"
        "|enrollment date|enrolment date|start date|date enrolled|fecha de ingreso"
        "|fecha de inscripcion|fecha de alta|fecha de inicio"
    ),
    Field.TIMESTAMP: (
        "timestamp|time stamp|submitted|submitted at|submission date|date submitted"
        "|completion time|response date|marca temporal|marca de tiempo|fecha de envio"
        "|hora de finalizacion"
    ),
    Field.WISH: (
        "wishes|ranked wishes|choices|ranked choices|preferences|ranked preferences|deseos|preferencias"
    ),
    Field.NEEDS: (
        "needs|need|needs help with|i need|learning needs|support needed|help needed|asks"
        "|necesidades|necesita|necesidades de aprendizaje"
    ),
    Field.EXPERTISE: (
        "expertise|area of expertise|areas of expertise|skills|strengths|offers|can help with"
        "|i can offer|can offer|habilidades|fortalezas|conocimientos|areas de experiencia"
        "|ofrece|puede ofrecer"
    ),
    Field.KEEP_WITH: ("keep with|keep together with|be with|work with|juntar con"),
    Field.KEEP_APART: ("keep apart|keep apart from|keep away from|separate from|not with|separar de"),
    Field.NOTES: (
        "notes|note|comments|comment|remarks|additional comments|other comments|notas"
        "|comentarios|observaciones"
    ),
}
"""Names that settle a field by themselves; where several columns have one, the earlier name goes first."""

PHRASES = {
    Field.KEEP_APART: (
        r"\bnot (?:to )?(?:have|be|work|want)|\bavoid|\bapart\b|\brather not\b|\bdon t want|\bseparate from"
        r"|\bno (?:quiere|quisiera|desea|le gustaria|trabajar)"
    ),
    Field.KEEP_WITH: (
        r"\b(?:keep with|keep together|like to (?:have|be|work)|want to (?:be|work)|work with|be with"
        r"|(?:gustaria|quiere|quisiera|desea) (?:tener|estar|trabajar))\b"
    ),
    Field.EMAIL: r"\b(?:e ?mail|correo)\b",
    Field.PHONE: r"\b(?:phone|telephone|mobile number|telefono|celular)\b",
    Field.GIVEN_NAME: r"\b(?:first|given) name\b",
    Field.FAMILY_NAME: r"\b(?:last|family) name\b|\bsurname\b|\bapellidos?\b",
    Field.FULL_NAME: r"\bfull name\b|\bnombre completo\b",
    Field.ORGANIZATION: (
        r"^(?:(?:primary|main|second|secondary|other|additional|home|member|parent|partner|otra|segunda"
        r"|nombre de|name of|the|your|la|su) )*"
        rf"{ORGANIZATION}(?: name| nombre)?(?: \d)?$"
        rf"|^(?:which|what) {ORGANIZATION} do you\b|^where do you work"
        rf"|^en que {ORGANIZATION}\b|^donde trabaja"
    ),
    Field.ORGANIZATION_AREA: r"\b(?:service area|geographic area|area served|region)\b",
    Field.ORGANIZATION_TYPE: rf"\b(?:type|kind) of {ORGANIZATION}\b|\b{ORGANIZATION} type\b",
    Field.JOB_TITLE: r"\bjob title\b|\b(?:your|su) (?:role|position|cargo|puesto)\b",
    Field.LANGUAGE: r"\b(?:languages?|idiomas?)\b",
    Field.TIME_ZONE: r"\btime ?zone\b|\b(?:zona|huso) horari[ao]\b",
    Field.ACCESS_NEEDS: (
        r"\b(?:access needs|accessibility|accommodations?|accesibilidad|necesidades de acceso)\b"
    ),
    Field.JOINED_ON: r"\b(?:date (?:joined|enrolled)|join(?:ed)? date|fecha de (?:ingreso|inscripcion))\b",
    Field.NEEDS: r"\b(?:need|want|like) help (?:with|on)\b|\b(?:want|like|need) to learn\b"
    r"|\bnecesita (?:ayuda|apoyo)\b|\b(?:quiere|le gustaria) aprender\b",
    Field.EXPERTISE: r"\b(?:can|could) you (?:help|offer|share|teach)\b|\bareas? of expertise\b"
    r"|\bpuede (?:ofrecer|compartir|ensenar)\b",
    Field.NOTES: r"\banything else\b|\b(?:algo mas|comentarios)\b",
}
"""Phrases that suggest a field inside a question; the first that fits goes."""

OF_SOMEBODY_ELSE = re.compile(
    r"\b(?:supervisor|manager|boss|emergency|spouse|parent|guardian|reference|referred|referral|assistant"
    r"|alternate|backup|secondary|second|jefe|jefa|supervisora|emergencia|alterno|alterna|secundario)\b"
)
PEOPLE = re.compile(
    r"\b(?:people|persons?|names?|colleagues?|peers?|teammates?|team|group|members?|students?|somebody"
    r"|someone|anyone|whom?|personas?|companer[oa]s?|colegas?|nombres?|equipo|grupo|quien|quienes)\b"
)
NOT_FREE = re.compile(
    r"\b(?:unavailable|not (?:be )?(?:available|free)|busy|cannot|can t|can not|unable|conflicts?"
    r"|no (?:esta |estoy )?(?:disponibles?|libres?)|no (?:puede|puedo)|ocupad[oa])\b"
)
FREE = re.compile(
    r"\b(?:available|availability|free|when can you|times?|hours?|schedule|disponible|disponibilidad"
    r"|libres?|horas?|horarios?|cuando puede)\b"
)

EXACT = {
    name: (field, place) for field, names in NAMES.items() for place, name in enumerate(names.split("|"))
}
SUGGESTED = {field: re.compile(phrase) for field, phrase in PHRASES.items()}
