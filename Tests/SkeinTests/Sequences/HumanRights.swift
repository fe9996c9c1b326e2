import Foundation

/// The first article of the Universal Declaration of Human Rights, in many scripts.
enum HumanRights {
  static let articles = [
    "English": """
    All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and \
    should act towards one another in a spirit of brotherhood.
    """,
    "German": """
    Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und \
    sollen einander im Geist der Brüderlichkeit begegnen.
    """,
    "French": """
    Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience \
    et doivent agir les uns envers les autres dans un esprit de fraternité.
    """,
    "Polish": """
    Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i \
    sumieniem i powinni postępować wobec innych w duchu braterstwa.
    """,
    "Turkish": """
    Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı \
    kardeşlik zihniyeti ile hareket etmelidirler.
    """,
    "Vietnamese": """
    Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều được tạo hoá ban cho \
    lý trí và lương tâm và cần phải đối xử với nhau trong tình bằng hữu.
    """,
    "Greek": """
    Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με λογική \
    και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.
    """,
    "Russian": """
    Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью и должны \
    поступать в отношении друг друга в духе братства.
    """,
    "Armenian": """
    Բոլոր մարդիկ ծնվում են ազատ ու հավասար՝ իրենց արժանապատվությամբ և իրավունքներով։ Նրանք օժտված են բանականությամբ ու \
    խղճով, և պետք է միմյանց եղբայրաբար վերաբերվեն։
    """,
    "Georgian": """
    ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით. მათ მინიჭებული აქვთ გონება და სინდისი \
    და ერთმანეთის მიმართ უნდა იქცეოდნენ ძმობის სულისკვეთებით.
    """,
    "Arabic": """
    يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. وقد وهبوا عقلًا وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء.
    """,
    "Hebrew": """
    כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם לנהוג איש ברעהו \
    ברוח של אחווה.
    """,
    "Hindi": """
    सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और \
    परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।
    """,
    "Bengali": """
    সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। তাঁদের বিবেক এবং বুদ্ধি আছে; সুতরাং সকলেরই একে অপরের প্রতি \
    ভ্রাতৃত্বসুলভ মনোভাব নিয়ে আচরণ করা উচিত।
    """,
    "Tamil": """
    மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும், உரிமைகளிலும் சமமானவர்கள், அவர்கள் நியாயத்தையும் \
    மனச்சாட்சியையும் இயற்பண்பாகப் பெற்றவர்கள். அவர்கள் ஒருவருடனொருவர் சகோதர உணர்வுப் பாங்கில் நடந்துகொள்ளல் வேண்டும்.
    """,
    "Thai": """
    มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ
    """,
    "Amharic": """
    የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው። የተፈጥሮ ማስተዋልና ሕሊና ስላለው አንዱ ሌላውን በወንድማማችነት መንፈስ መመልከት ይገባዋል።
    """,
    "Chinese": """
    人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。
    """,
    "Japanese": """
    すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。
    """,
    "Korean": """
    모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다.
    """,
  ].sorted { $0.key < $1.key }

  /// What stands between two articles: families, flags, a skin and a presentation that are chosen, digits in keys, and kinds of spaces.
  private static let ornaments = [
    "👨‍👩‍👧‍👦", "🇩🇪🇫🇷🇯🇵", "👍🏽 ❤️", "1️⃣2️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\u{3000}🧑🏿‍🚀\u{2003}", "🇰🇷", "\t🏳️‍🌈 ",
  ]

  /// All articles, each followed by the end of a line, and by some emoji.
  static func text(_ normalized: (String) -> String, newline: String) -> String {
    articles.enumerated().map { offset, article in
      normalized(article.value) + newline + ornaments[offset % ornaments.count] + (offset % 3 == 0 ? newline : " ")
    }.joined()
  }

  /// The texts to check, with what describes them.
  static let texts = [
    ("composed", text(\.precomposedStringWithCanonicalMapping, newline: "\n")),
    ("composed, with CR LF", text(\.precomposedStringWithCanonicalMapping, newline: "\r\n")),
    ("decomposed", text(\.decomposedStringWithCanonicalMapping, newline: "\u{2028}")),
    ("decomposed, with CR LF", text(\.decomposedStringWithCanonicalMapping, newline: "\r\n")),
  ]
}
