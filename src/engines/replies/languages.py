"""The words by which mail programs of many languages announce quotes, and what they add of their own."""

import re


def _words(sentences: str) -> tuple[str, ...]:
    """Words that stand between bars, in the form that `str.casefold` gives."""
    return tuple(each.strip().casefold() for each in sentences.split("|"))


OPENERS = _words(
    "on|at|le|el|il|la|am|op|em|no dia|den|d.|på|pe|dne|dňa|dnia|w dniu|v|ve|u|na|дана|на|от|в|у|dana|"
    "tarihinde|"
    "στις|la data de|în|pada|vào|ngày|lúc|เมื่อ|ในวันที่|في|ב|בתאריך|ביום|در|को|dia|a|egun|kuupäev|kl|kell|"
    "à|il giorno|"
    "els|ar|ddydd|tanggal|在|於|于|no|þann|í"
)
"""How a line "On Monday Maria wrote:" begins; at its end some of them stand before the date or alone."""

WROTE = _words(
    "wrote|writes|has written|said:|a écrit|ecrit|écrit|écrivait|escribió|escribio|escribe|schrieb|"
    "schreibt|schreef|geschreven|"
    "ha scritto|scrisse|scritto|escreveu|escreve|skrev|skreiv|skrifaði|kirjoitti|kirjutas|rašė|parašė|"
    "rakstīja|napisał|napisala|"
    "napsal|pisze|piše|napísal|napísala|napisao|napisala|je pisal|написал|написала|написав|пишет|писал|"
    "пише|написа|напісаў|піша|написао|"
    "írta|írt|yazdı|yazmış|έγραψε|a scris|scris|va escriure|escrigué|ha escrit|idatzi|menulis|đã viết|"
    "viết|เขียน|写道|寫道|写到|写|寫|"
    "さんのメール|書きました|は書|작성|님이|כתב|מאת|كتب|كتابة|بواسطة|نوشت|लिखा|লিখেছেন|எழுதி|"
    "ysgrifennodd|shkroi|scríobh"
)

ORIGINAL = _words(
    "original message|original-nachricht|originalnachricht|ursprüngliche nachricht|ursprüngliche mail|"
    "message d'origine|"
    "message d’origine|message original|message initial|mensaje original|missatge original|"
    "messaggio originale|mensagem original|"
    "oorspronkelijk bericht|oorspronkelijke bericht|originalmeddelande|ursprungligt meddelande|"
    "original meddelelse|"
    "oprindelig meddelelse|opprinnelig melding|original melding|alkuperäinen viesti|oryginalna wiadomość|"
    "wiadomość oryginalna|"
    "treść oryginalnej wiadomości|původní zpráva|původní e-mail|pôvodná správa|izvorna poruka|"
    "izvorno sporočilo|исходное сообщение|"
    "оригинальное сообщение|оригінальне повідомлення|вихідне повідомлення|оригинално съобщение|"
    "eredeti üzenet|orijinal mesaj|"
    "özgün ileti|αρχικό μήνυμα|mesaj original|mesajul original|algkiri|originali žinutė|"
    "oriģinālais ziņojums|原始邮件|原邮件|原始郵件|"
    "原始訊息|元のメッセージ|original mail|원본 메시지|원본 메일|הודעה מקורית|الرسالة الأصلية|پیام اصلی|"
    "pesan asli|thư gốc|tin nhắn gốc|"
    "ข้อความต้นฉบับ|मूल संदेश|reply message"
)

FORWARDED = _words(
    "forwarded message|forwarded by|message transféré|mensaje reenviado|weitergeleitete nachricht|"
    "messaggio inoltrato|"
    "mensagem encaminhada|doorgestuurd bericht|vidarebefordrat|videresendt|wiadomość przekazana|"
    "пересылаемое|пересланное|"
    "přeposlaná zpráva|továbbított üzenet|iletilen|转发的邮件|転送|הודעה שהועברה|رسالة معاد توجيهها"
)

FROM = _words(
    "from|von|de|da|van|från|fra|frá|lähettäjä|od|nadawca|отправитель|от|від|feladó|kimden|gönderen|από|"
    "expeditor|expéditeur|"
    "remitente|remetente|mittente|absender|afzender|avsändare|afsender|avsender|odesílatel|odosielateľ|"
    "pošiljatelj|saatja|nuo|kellelt|"
    "发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|발신|מאת|من|از|प्रेषक|từ|người gửi|dari|จาก|dins"
)
SENT = _words(
    "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|enviado em|enviada em|fecha|data|"
    "inviato|verzonden|skickat|"
    "sendt|dato|lähetetty|päivämäärä|wysłano|odesláno|odoslané|отправлено|дата|надіслано|изпратено|"
    "elküldve|küldve|dátum|"
    "gönderildi|gönderme tarihi|tarih|ημερομηνία|στάλθηκε|trimis|poslano|saadetud|发送时间|发送日期|日期|"
    "寄件日期|送信日時|日時|日付|보낸 날짜|"
    "날짜|נשלח|תאריך|التاريخ|تم الإرسال|تاريخ|दिनांक|ngày|đã gửi|dikirim|tanggal|วันที่|ส่ง"
)
TO = _words(
    "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|до|címzett|kime|alıcı|προς|către|"
    "destinataire|destinatario|收件人|收件者|"
    "宛先|받는 사람|받는사람|אל|إلى|به|प्रति|đến|kepada|ถึง|za"
)
SUBJECT = _words(
    "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|efni|aihe|temat|předmět|"
    "predmet|тема|относно|tárgy|konu|"
    "θέμα|subiect|zadeva|teema|tema|assumpte|gaia|主题|主旨|主題|件名|제목|נושא|الموضوع|موضوع|विषय|"
    "chủ đề|tiêu đề|perihal|subjek|เรื่อง|หัวเรื่อง"
)

SENT_FROM = re.compile(
    r"(?:(?:this (?:e-?mail|message) was )?sent (?:from|via|with|by|using)|from my|enviado (?:desde|con|"
    r"de|do|pelo|por|vía)|"
    r"envoy[ée] (?:depuis|de|à partir|avec|par)|(?:diese nachricht wurde )?(?:gesendet (?:von|mit|über)|"
    r"von mein\w* .*gesendet$|"
    r"von (?:unterwegs|mobil) gesendet|.* (?:von|mit) .* gesendet\.?$)|inviato (?:da|con|dal)|"
    r"verzonden (?:met|vanaf|via|van)|"
    r"verstuurd (?:vanaf|met)|skickat (?:från|med)|sendt? (?:fra|med|via)|lähetetty|wysłan[eo] z|"
    r"odesláno z|odoslané z|"
    r"отправлено (?:с|из|от|через)|надіслано (?:з|із)|изпратено от|küldve|elküldve|.*gönderildi|"
    r"στάλθηκε από|trimis (?:de|din)|"
    r"poslano (?:s|z|iz)|saadetud|enviat des|发自|從我的|从我的|.*から送信|.*에서 보냄|נשלח (?:מ|ב)|"
    r"أُرسلت من|تم الإرسال من|مرسل من|dikirim dari|"
    r"đã gửi từ|gửi từ|ส่งจาก)"
)
"""How the line that a phone or an app adds of itself begins."""

DEVICE = re.compile(
    r"\b(?:i-?phon\w*|ipad\w*|ipod|i?mac|macbook|android\w*|galaxy|samsung|huawei|xiaomi|redmi|nokia|htc|"
    r"alcatel|motorola|moto|oneplus|"
    r"pixel|blackberry|windows|(?:smart|mobile? ?|cell ?|tele)?phone|mobile|mobil\w*|móvil|celular|cell|"
    r"handy|portable|tablet\w*|"
    r"téléphone|teléfono|telefon\w*|telefoon|telefono|outlook|yahoo|gmail|gmx|web\.de|aol|mail\w*|"
    r"airmail|proton\w*|spark|"
    r"k-9|thunderbird|aquamail|bluemail|fairemail|hey|device|устройства|телефон\w*|айфон\w*|почты|"
    r"mail\.ru)\b"
    r"|手机|手機|邮箱|信箱|我的|携帯|スマート|휴대|טלפון|הטלפון|جهاز|هاتف"
)

GET_OUTLOOK = re.compile(
    r"\W*(?:(?:\w+[ -]){0,3}outlook (?:\w+ ){0,2}(?:ios|android|mac|windows)(?: \w+)?|[\w가-힣]*(?:ios|"
    r"android)[^\w]*(?:版|용)? ?outlook\W*\w{0,6})\W*"
)

CONFIDENTIAL = re.compile(
    r"confiden|vertraulich|vertrouwelijk|riservat|konfidenti|fortrolig|luottamuksel|poufn|důvěrn|"
    r"конфиденциал|конфіденційн|bizalmas|"
    r"gizli|εμπιστευτικ|privileged|privilégi|机密|機密|保密|סודי|سري"
)
MESSAGE = re.compile(
    r"\b(?:e-?mail\w*|message|mensaje|correo|courriel|nachricht|messaggio|mensagem|bericht|meddelande\w*|"
    r"wiadomość|zpráva|"
    r"сообщение|письмо|повідомлення|üzenet|ileti|μήνυμα|mesaj\w*|disclaimer|notice)\b|邮件|郵件|メール|"
    r"הודעה|رسالة"
)
RECIPIENT = re.compile(
    r"recipient|intended|addressee|destinat|empfänger|adressat|bestemd|geadresseerde|mottagar|modtager|"
    r"mottaker|vastaanottaj|odbiorc|"
    r"příjemc|adresát|адресат|получател|címzett|alıcı|παραλήπτη|收件人|מיועד|المرسل إليه|delete|notify|"
    r"supprim|elimin|lösch|vernichten|"
    r"verwijder|cancell|apagu"
)
"""A disclaimer names a message, says that it is confidential, and speaks to its recipient."""

SCANNED = re.compile(
    r"virus[- ]free|libre de virus|garanti sans virus|virenfrei|privo di virus|livre de vírus|virusvrij|"
    r"(?:scanned|checked|geprüft|analizzato|analysé|analizado) .*(?:virus|malware|antivirus|esva)|"
    r"avast antivirus"
)

POSTSCRIPT = re.compile(r"(?:p\.? ?s\.?|n\.b\.?|пс|з\.ы\.|p\.d\.|附言)[\s:.,]", re.I)
