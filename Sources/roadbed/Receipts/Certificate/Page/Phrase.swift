import LedgerJSON

/// A sentence, a label or a value of a page: words in the page's language, and between them what is the same in every
/// language. Renderers decide how each part looks, and escape all of them.
struct Phrase: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case words(String)
    /// A name, a number or a time.
    case value(String)
    /// A digest, a key, a code, a path: in letters of equal width.
    case code(String)
    /// What somebody wrote into the chain.
    case quote(String)
  }

  private(set) var parts: [Part] = []

  static func + (left: Phrase, right: Phrase) -> Phrase {
    var sum = left
    sum.append(right)
    return sum
  }

  mutating func append(_ other: Phrase) {
    for part in other.parts { append(part) }
  }

  fileprivate mutating func append(_ part: Part) {
    if case .words(let more) = part, case .words(let words)? = parts.last {
      parts[parts.count - 1] = .words(words + more)
    } else {
      parts.append(part)
    }
  }
}

/// Only words can be written between interpolations, and only what is labelled can be interpolated, so that no text from
/// outside passes for words of the page.
extension Phrase: ExpressibleByStringInterpolation {
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var phrase = Phrase()

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { phrase.append(.words(literal)) }
    }

    mutating func appendInterpolation(_ phrase: Phrase) { self.phrase.append(phrase) }

    mutating func appendInterpolation(words: String) { phrase.append(.words(words)) }

    mutating func appendInterpolation(value: some CustomStringConvertible) {
      phrase.append(.value(Printable.text("\(value)")))
    }

    mutating func appendInterpolation(code: some CustomStringConvertible) {
      phrase.append(.code(Printable.text("\(code)")))
    }

    mutating func appendInterpolation(quote: String) { phrase.append(.quote(Printable.text(quote))) }
  }

  init(stringLiteral words: String) {
    if !words.isEmpty { append(.words(words)) }
  }

  init(stringInterpolation: StringInterpolation) { self = stringInterpolation.phrase }
}

extension [Phrase] {
  func joined(by separator: Phrase) -> Phrase {
    var whole = Phrase()
    for (place, phrase) in enumerated() {
      if place > 0 { whole.append(separator) }
      whole.append(phrase)
    }
    return whole
  }
}
