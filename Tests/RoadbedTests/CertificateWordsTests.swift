import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import Testing

@testable import roadbed

/// The two languages and the two forms of a certificate page say the same.
@Testing.Suite("The words of the certificate page") struct CertificateWordsTests {
  private func facts(_ sample: SampleReceipt, _ checkpoint: Checkpoint? = nil) async throws -> CertificateFacts {
    try await Folder.with { folder in
      try sample.write(to: folder)
      let file = folder.path("receipt.json")
      return try CertificateFacts(
        try CheckedReceipt(file, genesis: sample.genesis, checkpoint: checkpoint), checkpoint: checkpoint,
        names: CertificateFiles(receipt: file, genesis: "-"))
    }
  }

  /// Facts in which everything occurs that a page can say, apart from outcomes.
  private func all() async throws -> [CertificateFacts] {
    let operations = try OperationKind.allCases.map { try OperationKindTests.sample($0).operation }
    let parameters = ChainParameter.allCases.map { parameter in
      Ledger.Operation.parameterSet(
        parameter, to: parameter.bounds.lowerBound, configuration: parameter.isConfigured ? Digest(1, 1, 1, 1) : nil)
    }
    let freeze = Ledger.Operation.accountFreeze(account: try #require(AccountName("operator1")))
    let late = TransactionOutcome(code: .accountFrozen, operation: 300)
    let epochs = try SampleReceipt(operations, epochs: CertificateFacts.closingLimit + 2)
    let checkpoint = Checkpoint(epoch: Epoch(1), result: epochs.opening(of: 1))
    return [
      try await facts(SampleReceipt(operations + parameters + SampleReceipt.hostileOperations(), headers: 3)),
      try await facts(SampleReceipt([Ledger.Operation](repeating: freeze, count: 400), outcome: late)),
      try await facts(epochs), try await facts(epochs, checkpoint),
      try await facts(SampleReceipt([freeze]), checkpoint),
    ]
  }

  private func phrases(_ page: CertificatePage) -> [Phrase] {
    func phrases(_ facts: [CertificatePage.Fact]) -> [Phrase] { facts.flatMap { [$0.label] + $0.values } }
    func phrases(_ block: CertificatePage.Block) -> [Phrase] {
      switch block {
      case .paragraph(let phrase), .remark(let phrase), .subheading(let phrase), .votes(_, let phrase): [phrase]
      case .facts(let facts): phrases(facts)
      case .table(let head, let rows): head + rows.joined()
      case .items(let items): items.flatMap { [$0.text] + ($0.mark.map { [$0] } ?? []) + phrases($0.facts) }
      case .command(let command): ["\(code: command)"]
      }
    }
    return [page.title, page.subject, page.status] + page.summary.flatMap(phrases)
      + page.sections.flatMap { [$0.heading] + $0.blocks.flatMap(phrases) }
  }

  private func words(_ phrase: Phrase) -> String {
    phrase.parts.map { if case .words(let words) = $0 { words } else { "" } }.joined(separator: "\u{1}")
  }

  /// What is not words, in an order that does not depend on the language's grammar.
  private func values(_ phrase: Phrase) -> [String] {
    phrase.parts.compactMap { part in
      switch part {
      case .words: nil
      case .value(let text): "value \(text)"
      case .code(let text): "code \(text)"
      case .quote(let text): "quote \(text)"
      }
    }.sorted()
  }

  private func isLatin(_ character: Character) -> Bool { character.isASCII && character.isLetter }

  private func isChinese(_ character: Character) -> Bool { ("\u{4E00}"..."\u{9FFF}").contains(character) }

  @Test("A page in Chinese has the same values as one in English, sentence for sentence, and none of its words")
  func languages() async throws {
    for facts in try await all() {
      let english = phrases(CertificateLayout(facts, .english).page)
      let chinese = phrases(CertificateLayout(facts, .chinese).page)
      try #require(english.count == chinese.count)
      for (one, other) in zip(english, chinese) {
        #expect(values(one) == values(other), "\(one.plain)")
        #expect(!words(other).contains(where: isLatin), "\(other.plain)")
        #expect(!words(one).contains(where: isChinese), "\(one.plain)")
        #expect(!words(one).contains(where: isLatin) || words(other).contains(where: isChinese), "\(one.plain)")
      }
    }
  }

  @Test("Every outcome is explained in Chinese, and no two in the same words", arguments: CertificateLanguage.allCases)
  func outcomes(language: CertificateLanguage) throws {
    let explanations = OutcomeCode.allCases.map { words(language.words.explanation($0)) }
    #expect(Set(explanations).count == explanations.count)
    for (code, text) in zip(OutcomeCode.allCases, explanations) {
      #expect(text.contains(where: isChinese) == (language == .chinese), "\(code)")
      #expect(text.contains(where: isLatin) == (language == .english), "\(code)")
      let line = language.words.outcome(code)
      #expect(values(line) == ["code \(code.code)"] && line.plain.contains(text), "\(line.plain)")
    }
  }

  @Test("Every kind of operation has a sentence of its own, with the names and the amount of the operation")
  func sentences() throws {
    for language in CertificateLanguage.allCases {
      var seen: Set<String> = []
      for kind in OperationKind.allCases {
        let operation = try OperationKindTests.sample(kind).operation
        let sentence = language.words.sentence(RenderedOperation(operation) { _ in 3 })
        #expect(seen.insert(words(sentence)).inserted, "\(kind)")
        #expect(!values(sentence).isEmpty, "\(kind)")
      }
    }
    let transfer = try OperationKindTests.sample(.assetTransfer).operation
    let english = CertificateLanguage.english.words
    #expect(
      english.sentence(RenderedOperation(transfer) { _ in 3 }).plain
        == "Transfer 0.012 gold (12 smallest units) from account bank-b/main to account bank-b/vault.")
    #expect(
      english.sentence(RenderedOperation(transfer) { _ in nil }).plain
        == "Transfer 12 smallest units of gold from account bank-b/main to account bank-b/vault.")
    #expect(
      CertificateLanguage.chinese.words.sentence(RenderedOperation(transfer) { _ in nil }).plain
        == "从账户 bank-b/main 向账户 bank-b/vault 划转 12 个最小单位的 gold。")
  }

  @Test("Every role and every label has words in both languages")
  func labels() {
    for name in Roles(rawValue: .max).names {
      #expect(words(CertificateLanguage.chinese.words.role(name)).contains(where: isChinese), "\(name)")
    }
    for label in CertificateLabel.allCases {
      #expect(words(CertificateLanguage.english.words.label(label)).contains(where: isLatin), "\(label)")
      #expect(words(CertificateLanguage.chinese.words.label(label)).contains(where: isChinese), "\(label)")
    }
  }

  @Test("Text and HTML have every phrase of the page, in its order", arguments: CertificateLanguage.allCases)
  func forms(language: CertificateLanguage) async throws {
    for facts in try await all() {
      let page = CertificateLayout(facts, language).page
      let text = String(decoding: CertificateText.render(page), as: UTF8.self)
      let html = ParsedHTML(String(decoding: CertificateHTML.render(page), as: UTF8.self))
      #expect(html.isWellFormed)
      // Subject and title are the other way round in HTML.
      let phrases = phrases(page).dropFirst(2)
      for (form, content) in [("text", text), ("HTML", html.text)] {
        // Lines end at other places in each.
        var rest = content.filter { !$0.isWhitespace }[...]
        for phrase in phrases {
          let sought = phrase.plain.filter { !$0.isWhitespace }
          guard let found = rest.range(of: sought) else {
            Issue.record("\(form) does not have this, or not here: \(phrase.plain)")
            break
          }
          rest = rest[found.upperBound...]
        }
        #expect(content.contains(page.title.plain) && content.contains(page.subject.plain))
      }
    }
  }

  @Test("N6: texts that differ never look the same on a page")
  func texts() {
    for language in CertificateLanguage.allCases {
      let texts: [[UInt8]] = [
        Array("a".utf8), Array("a\u{202E}".utf8), Array("a\u{202D}".utf8), Array("a\u{FFFD}".utf8), Array("a\n".utf8),
        [0x61, 0xFF], Array("61ff".utf8), [0xFF],
      ]
      let shown = texts.map { language.words.text(LedgerText($0)).plain }
      #expect(Set(shown).count == texts.count, "\(shown)")
      #expect(shown[0] == "“a”")
    }
  }

  @Test("Lines of text end between words, and Chinese lines begin with no closing punctuation")
  func lines() async throws {
    for language in CertificateLanguage.allCases {
      for facts in try await all() {
        let text = String(decoding: CertificateText.render(CertificateLayout(facts, language).page), as: UTF8.self)
        for line in text.split(separator: "\n") {
          let first = line.trimmingCharacters(in: .whitespaces).first
          #expect(!["，", "。", "、", "；", "：", "）"].contains(first), "\(line)")
          #expect(line.last != " ")
        }
      }
    }
  }
}
