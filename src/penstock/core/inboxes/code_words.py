"""The words by which a one-time code is recognised in a message, in many languages. All are in lower case."""

from __future__ import annotations

import re

CODE = (
    # A word that ends in one of these counts as well: "Bestätigungscode", "passcode".
    r"codes?|kode|kody?|kodu|kodunuz|kodeverifikasi|kodas|kood|koodi|koodisi|kodot|cod|cód|codul|kód|kódja|kódod|kódem"
    r"|kódu|kodą|kodem|koden|kodur|código|codigo|códigos|codice|codici|c[oó]digo|codi|κωδικ[οό]ς|κωδικ[οό]|κωδικού|код"
    r"|коду|кода|кодом|кодът|passwor[dt]|passwort|kennwort|wachtwoord|lösenord|adgangskode|passord|salasana"
    r"|mot de passe|contraseña|contrasena|clave|senha|palavra-passe|parola|parol|hasło|hasła|heslo|jelszó|şifre"
    r"|şifreniz|şifresi|sifre|sifreniz|пароль|пароля|kata sandi|sandi|mật khẩu|mã|mã số|mã xác thực|mã xác nhận|otp|pin"
    r"|pincode|m?tan|one-time pass\w{0,4}|2fa|mfa|token|passkey|haslo|hasla|sifresi|onay kodu|doğrulama kodu"
    r"|ma xac thuc|ma xac nhan|ma otp|(?:mobile|push|sms|photo|chip)-?tan|mã xác minh|ma xac minh|şifrenizdir"
    r"|ident code|engangskode|kertakoodi"
)
CODE_UNSPACED = (
    # Scripts that attach letters to words.
    r"代码|代碼|验证码|驗證碼|校验码|校驗碼|确认码|確認碼|动态码|動態碼|动态密码|動態密碼|安全码|安全碼|密码|密碼|口令"
    r"|认证码|認證碼|登录码|登入碼|提取码|認証コード|確認コード|コード|認証番号|確認番号|暗証番号|パスワード"
    r"|パスコード|ワンタイム|인증번호|확인번호|인증 번호|인증코드|인증 코드|확인코드|확인 코드|보안코드|보안 코드|코드"
    r"|비밀번호|승인번호|رمز|الرمز|كود|الكود|كلمة المرور|کد|رمزك|קוד|הקוד|סיסמה|סיסמא|סיסמת|कोड|ओटीपी|पासवर्ड|কোড"
    r"|ওটিপি|குறியீடு|รหัส"
)
ACT = (
    # What the user does with a code. Weaker than a word for the code itself.
    r"verif\w{0,10}|confirm\w{0,9}|approv\w{0,3}|authori[sz]e|authenticat\w{0,5}|activat\w{0,5}|log ?in|log-in"
    r"|sign ?in|sign-in|signing in|logging in|bestätig\w{0,8}|anmeld\w{0,6}|anzumelden|einloggen|connecter|connexion"
    r"|vérifi\w{0,8}|confirmer|iniciar sesión|verificar|verifica|accedere|entrar|inloggen|bevestig\w{0,4}|zalogować"
    r"|logowani\w{0,3}|potwierd\w{0,5}|přihlá\w{0,6}|ověř\w{0,6}|logga in|bekräfta|giriş|doğrula\w{0,5}|вход\w{0,2}"
    r"|войти|подтвер\w{0,10}|підтвер\w{0,10}|увійти|входу|σύνδεση\w{0,2}|επαλήθευση\w{0,2}|xác thực|xác nhận|đăng nhập"
    r"|masuk|verifikasi"
)
ACT_UNSPACED = "验证|驗證|登录|登入|认证|認證|認証|ログイン|로그인|인증|تسجيل الدخول|تأكيد|تحقق|התחברות|אימות|सत्यापन|लॉगिन"
USE = (
    r"use|using|enter|type|with|input|nutzen sie|verwenden sie|gib|geben sie|utilisez|saisissez|entrez|usa|use el"
    r"|utiliza|utilice|ingresa|ingrese|introduce|inserisci|digite|insira|gebruik|voer|wpisz|podaj|zadejte|použijte"
    r"|ange|använd|girin|введите|введіть|используйте|gunakan|masukkan|nhập|dùng|输入|輸入|使用|入力"
)
COPULA = (
    # Between a word for the code and the code.
    r"is|are|is now|lautet|ist|est|es|è|é|e'|jest|to|je|zní|är|er|on|olarak|это|це|είναι|adalah|là|now|هو|هي|הוא|היא"
    r"|है|是|为|為|は|が|는|은|이|가|:|："
)
FILLER = (
    # Small words between a word and its number.
    r"no|nr|num|number|nummer|numer|numero|numéro|número|id|in|with|on|to|at|the|n|von|de|da|do|der|die|das|den|of|le"
    r"|la|il|el|your|code|este|esta|ce|this|following|folgende\w?|suivant|siguiente|seguente|seguinte|below|номер|番号"
    r"|編號|号|號"
)
OTHER = (
    # A number after one of these is something else.
    r"orders?|order-?id|tracking|parcel|shipment|package|invoice|receipt|reference|ref|case|ticket|booking|reservation"
    r"|policy|account|acct|a/c|iban|card|cards?|visa|mastercard|ending|ends|ending in|flight|train|gate|room|bus|line"
    r"|customer|client|member|membership|contract|meter|request|request id|transaction|txn|rrn|utr|upi ref|serial"
    r"|model|version|build|release|issue|error|call|phone|tel|telephone|tel\.|telefon|mobile|mob|fax|hotline|dial"
    r"|whatsapp|helpline|balance|total|amount|price|sum|pay|paid|since|until|year|©|copyright|p\.?o\.? box|suite"
    r"|street|bestellung|bestellnummer|auftrag|auftragsnummer|sendung|sendungsnummer|paket|rechnung|rechnungsnummer"
    r"|vorgang|kundennummer|vertrag|konto|kontonummer|karte|endet auf|endziffer\w{0,2}|anruf|rufen sie|ruf|betrag|seit"
    r"|jahr|plz|zählernummer|aktenzeichen|commande|colis|suivi|facture|dossier|réservation|compte|carte"
    r"|se terminant par|appelez|tél|téléphone|montant|pedido|envío|seguimiento|factura|reserva|cuenta|tarjeta"
    r"|terminada en|llame|llama|teléfono|importe|encomenda|fatura|conta|cartão|ligue|telefone|valor|ordine|spedizione"
    r"|fattura|prenotazione|conto|carta|chiama|telefono|importo|bestelling|bestelnummer|zending|factuur|rekening|kaart"
    r"|bel|telefoon|bedrag|zamówieni\w{1,3}|przesyłk\w{1,3}|faktur\w{1,3}|konta|karty|zadzwoń|kwot\w{1,2}"
    r"|objednávk\w{1,3}|zásilk\w{1,3}|účtu|volejte|částk\w{1,2}|ordernummer|beställning|paketet|försändelse|faktura"
    r"|kort|ring|belopp|sipariş|siparişiniz|kargo|hesap|kart|arayın|tutar|заказ\w{0,3}|посылк\w{1,2}|отправлени\w{1,2}"
    r"|счет\w{0,2}|карт\w{1,2}|звоните|телефон\w{0,2}|сумм\w{1,2}|замовленн\w{1,2}|рахун\w{1,4}|дзвоніть|картк\w{1,2}"
    r"|παραγγελία\w{0,1}|λογαριασμ\w{1,3}|κάρτα\w{0,1}|τηλέφωνο|τηλ|đơn hàng|tài khoản|thẻ|gọi|số tiền|pesanan|resi"
    r"|kartu|hubungi"
)
OTHER_UNSPACED = (
    r"订单|訂單|订单号|快递|运单号|單號|单号|尾号|尾號|金额|余额|电话|電話|客服|致电|注文|注文番号|お問い合わせ番号"
    r"|追跡番号|電話番号|請求|カード|口座|주문|주문번호|운송장|송장번호|계좌|카드|전화|문의|금액|طلب|الطلب|طلبك|شحنة"
    r"|رقم الشحنة|بطاقة|حساب|اتصل|مبلغ|הזמנה|הזמנתך|משלוח|כרטיס|חשבון|התקשר|סכום|ऑर्डर|आदेश|खाता|कार्ड|कॉल|राशि"
)
NO_CODE_BEFORE = (
    # "zip code", "Rabattcode": such a code is not one for signing in.
    r"zip|post|postal|area|sort|country|dial\w{0,4}|error|fehler|qr|bar|strich|product|promo|promotion|promotional"
    r"|discount|rabatt|gutschein|voucher|coupon|gift|gift card|aktions|kortings|actie|remise|réduction|tracking|order"
    r"|orders|item|store|branch|swift|bic|hs|tax|source|dress|status|booking|reference|referral|invite|invitation"
    r"|reservation|response|course|airport|color|colour|rabat\w{0,5}|slevov\w{1,2}|indirim|промо|ваш промо|купон|kupon"
    r"|diskon|offer|savings|deal|ifsc|mcc|sku|style|model|part|stock|邮政|優惠|优惠|クーポン|할인|쿠폰|خصم|הנחה|छूट"
)
NO_CODE_AFTER = (
    r"postal|postale|promo\w{0,9}|de descuento|descuento|de réduction|réduction|sconto|di sconto|de desconto|desconto"
    r"|rabatow\w|pocztow\w|kupon\w{0,3}|de seguimiento|de suivi|de rastreio|fiscale|fiscal|of conduct|review|swift"
    r"|de barras|à barres|giảm giá|vận đơn|promosi|pos|diskon|скидк\w{1,2}|на скидку|خصم|قسيمة|הנחה|קופון|छूट"
)
UNIT_AFTER = (
    r"%|€|\$|£|¥|₹|₽|₺|₩|₴|zł|kč|kr\b|eur\b|usd\b|gbp\b|chf\b|inr\b|euros?\b|dollars?\b|pounds?\b|rupees?\b"
    r"|руб\w{0,3}\b|грн\b|tl\b|lei\b|ft\b|đ\b|vnd\b|rp\b|元|円|원|min\b|minut\w{0,4}\b|sec\b|seconds?\b"
    r"|sekund\w{0,4}\b|secondes\b|segundos\b|secondi\b|hours?\b|hrs?\b|days?\b|stunden\b|tage\b|seconden\b"
    r"|секунд\w{0,2}\b|km\b|kg\b|mb\b|gb\b|kwh\b|wh\b|ml\b|miles?\b|points?\b|punkte\b|steps\b|people\b|users\b"
    r"|items\b|reviews\b|followers\b|points\b|分钟|分鐘|小时|秒|分"
)
MONEY_BEFORE = r"[€$£¥₹₽₺₩₴]|\b(?:rs|inr|usd|eur|gbp|chf|rp|idr|vnd|cny|krw|jpy|pln|aed|sar)\.?"
OFFER = (
    r"% ?(?:off|rabatt|de descuento|de réduction|di sconto|korting|indirim)"
    r"|promo ?code|promo-?code|coupon|voucher|gutschein|rabattcode|discount"
)


def _word(choice: str) -> str:
    return rf"(?<!\w)(?:{choice})(?!\w)"


KEY = re.compile(rf"(?:{CODE})(?!\w)|{CODE_UNSPACED}")
"""A word for a code, or the end of a longer word, such as "Sicherheitscode"."""
KEY_OF_SERVICE = re.compile(rf"(?<!\w)(?:(?:{CODE})|{CODE_UNSPACED})(?:\s(?:de|do|da|del|di))?[\s-]whatsapp\Z")
"""A word for a code, and whose code it is."""
SHORT = frozenset(
    {
        "otp",
        "pin",
        "tan",
        "mtan",
        "mã",
        "cod",
        "cód",
        "codi",
        "parol",
        "token",
        "clave",
        "sandi",
        "senha",
        "2fa",
        "mfa",
        "codul",
        "kodas",
        "kood",
    }
)
"""Words that count only as whole words: "spin" and "Satan" have nothing to do with codes."""
ACTION = re.compile(rf"{_word(ACT)}|{ACT_UNSPACED}")
ENTERED = re.compile(rf"(?:(?<!\w)(?:{USE}))\Z")
LINKING = re.compile(rf"(?:(?<!\w)(?:{COPULA})|[:：=は是为為])\Z")
SMALL = re.compile(rf"(?<!\w)(?:{FILLER})\Z")
LINKS_ON = re.compile(rf"(?:{COPULA})(?!\w)|[-–—:=]|は|が|是|为|為|is|as your|als|comme|como|come|jako|som|为您的")
OTHER_THING = re.compile(rf"(?:(?<!\w)(?:{OTHER})|{OTHER_UNSPACED})\Z")
NOT_FOR_SIGN_IN_BEFORE = re.compile(rf"(?<!\w)(?:{NO_CODE_BEFORE})[\s\-‐]{{0,2}}\Z")
NOT_FOR_SIGN_IN_AFTER = re.compile(rf"\s?(?:{NO_CODE_AFTER})(?!\w)")
UNIT = re.compile(rf"\s?(?:{UNIT_AFTER})")
REPLY_TO = re.compile(r"(?<!\w)(?:text|send|reply|sms|stop|help|yes)\W[^.!?\n]{0,24}(?<!\w)(?:to|an|an die|al|au|naar|на)\s*\Z")
MONEY = re.compile(rf"(?:{MONEY_BEFORE})\Z")
OFFERS = re.compile(OFFER)
