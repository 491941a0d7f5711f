/// A page in one language, as its renderers get it. All that a reader learns is here, so text and HTML say the same.
struct CertificatePage {
  struct Section {
    var heading: Phrase
    var blocks: [Block]
  }

  /// A labelled value, which may have several lines.
  struct Fact {
    var label: Phrase
    var values: [Phrase]
  }

  /// A numbered item, with what belongs to it.
  struct Item {
    var number: Int
    var text: Phrase
    var facts: [Fact] = []
    /// What sets it apart from the others.
    var mark: Phrase?
  }

  enum Block {
    case paragraph(Phrase)
    case remark(Phrase)
    case subheading(Phrase)
    case facts([Fact])
    case table(head: [Phrase], rows: [[Phrase]])
    case items([Item])
    /// What can be typed as it stands.
    case command(String)
    /// Who voted, in order; `legend` says it in words.
    case votes([Bool], legend: Phrase)
  }

  var language: CertificateLanguage
  var title: Phrase
  /// What the page is about, in a few words.
  var subject: Phrase
  var status: Phrase
  var isApplied: Bool
  /// What stands on the page before the first heading.
  var summary: [Block]
  var sections: [Section]
}
