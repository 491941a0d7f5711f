import Ledger
import Node
import Primitives

/// Puts the facts of a certificate into the order in which people read them, in the words of one language.
struct CertificateLayout {
  typealias Fact = CertificatePage.Fact
  typealias Block = CertificatePage.Block

  let facts: CertificateFacts
  let language: CertificateLanguage
  let words: any CertificateWords

  init(_ facts: CertificateFacts, _ language: CertificateLanguage) {
    self.facts = facts
    self.language = language
    words = language.words
  }

  var isApplied: Bool { facts.proved.outcome.isApplied }

  var page: CertificatePage {
    CertificatePage(
      language: language, title: words.title, subject: "\(words.label(.chain)) \(value: facts.genesis.chainName)",
      status: words.status(isApplied: isApplied), isApplied: isApplied, summary: summary,
      sections: CertificateSection.allCases.map { section in
        CertificatePage.Section(
          heading: words.heading(section, isApplied: isApplied), blocks: blocks(of: section))
      })
  }

  private func blocks(of section: CertificateSection) -> [Block] {
    switch section {
    case .operations: operations
    case .signatures: signatures
    case .place: place
    case .confirmation: confirmation
    case .epochs: epochs
    case .digests: digests
    case .verification: verification
    case .about: about
    }
  }

  // MARK: Pieces

  func fact(_ label: CertificateLabel, _ value: Phrase) -> Fact { Fact(label: words.label(label), values: [value]) }

  func fact(_ label: CertificateLabel, lines: [Phrase]) -> Fact { Fact(label: words.label(label), values: lines) }

  func fact(_ label: CertificateLabel, _ digest: Digest) -> Fact { fact(label, "\(code: digest)") }

  func remark(_ remark: CertificateRemark) -> Block { .remark(words.remark(remark)) }

  func paragraph(_ remark: CertificateRemark) -> Block { .paragraph(words.remark(remark)) }

  func head(_ labels: CertificateLabel...) -> [Phrase] { labels.map { words.label($0) } }

  // MARK: The first part and the last

  private var summary: [Block] {
    let proved = facts.proved
    var list: [Fact] = [
      fact(.chain, "\(value: facts.genesis.chainName)"),
      fact(.transaction, proved.transaction.id),
      fact(.outcome, words.outcome(proved.outcome.code)),
    ]
    if !isApplied { list.append(fact(.failedOperation, failedOperation)) }
    list += [
      fact(.signedBy, words.list(signers.map { "\(value: $0)" })),
      blockTime,
      fact(.height, "\(value: proved.height)"),
      fact(.genesis, facts.genesis.digest),
      fact(.suite, "\(code: facts.genesis.suite.name)"),
    ]
    var blocks = [paragraph(.final(chain: facts.genesis.chainName, isApplied: isApplied)), .facts(list), quorum]
    if proved.isBelowCheckpoint, let checkpoint = facts.checkpoint {
      blocks.append(remark(.olderThanCheckpoint(checkpoint)))
    }
    return blocks
  }

  private var quorum: Block {
    .votes(
      facts.votes.map(\.isSigner),
      legend: words.remark(
        .quorum(
          signed: facts.receipt.certificate.signers.count, validators: facts.votes.count,
          epoch: facts.certified.epoch, faults: facts.quorum.faults)))
  }

  private var failedOperation: Phrase {
    words.position(Int(facts.proved.outcome.operation), of: facts.operationCount)
  }

  private var signers: [Name] { facts.proved.transaction.signatures.map(\.member).uniqued() }

  private var blockTime: Fact { fact(.blockTime, "\(value: facts.proved.timestamp.iso8601)") }

  private var signatures: [Block] {
    let transaction = facts.proved.transaction
    return [
      .table(
        head: head(.member, .description, .key),
        rows: transaction.signatures.map { ["\(value: $0.member)", description(of: $0.member), "\(code: $0.key)"] }),
      .facts([
        fact(.validUntil, "\(value: transaction.validUntil.iso8601)"), fact(.nonce, "\(value: transaction.nonce)"),
      ]),
      remark(.signatures),
    ]
  }

  func description(of member: Name) -> Phrase {
    guard let text = facts.description(of: member), !text.isEmpty else { return "–" }
    return words.text(LedgerText(text))
  }

  private var place: [Block] {
    [
      .facts([
        blockTime, fact(.height, "\(value: facts.proved.height)"),
        fact(
          .position, words.position(Int(facts.proved.index), of: Int(facts.receipt.header.transactionCount))),
        fact(.epoch, "\(value: facts.certified.epoch)"), fact(.view, "\(value: facts.certified.view)"),
      ]),
      remark(.clock(seconds: Limits.clockDriftMilliseconds / 1000)),
    ]
  }

  private var about: [Block] {
    [
      paragraph(.noProof),
      paragraph(
        .made(version: NodeVersion.text, checkpoint: facts.proved.isBelowCheckpoint ? nil : facts.checkpoint)),
    ]
  }
}
