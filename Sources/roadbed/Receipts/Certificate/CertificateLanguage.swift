import ArgumentParser

/// A language in which a certificate page can be written.
enum CertificateLanguage: String, CaseIterable, Sendable, ExpressibleByArgument {
  case english = "en"
  case chinese = "zh"

  /// What HTML calls it.
  var tag: String {
    switch self {
    case .english: "en"
    case .chinese: "zh-Hans"
    }
  }

  var words: any CertificateWords {
    switch self {
    case .english: EnglishWords()
    case .chinese: ChineseWords()
    }
  }
}
