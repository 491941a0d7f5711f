import Consensus
import Primitives

/// Sees every durable vote and every certificate of a whole run and knows nothing of the machine's inside: it
/// checks the promises 1 to 5 and 9 of Documentation/protocol.md from outside.
struct Spy {
  struct Finding: Equatable, CustomStringConvertible {
    var promise: Int
    var text: String
    var description: String { "promise \(promise): \(text)" }
  }

  private struct Said {
    var notarized: Proposal?
    var finalized: Statement?
    var nullified = false
  }

  private var said: [[View: Said]]
  private(set) var notarizations: [View: Proposal] = [:]
  private(set) var nullifications: Set<View> = []
  private(set) var finalizations: [View: Statement] = [:]
  /// The one chain of final blocks, genesis first, with their proposals.
  private(set) var chain: [(block: Digest, proposal: Proposal?)]
  private(set) var findings: [Finding] = []

  init(validators: Int, genesis: Digest) {
    said = Array(repeating: [:], count: validators)
    chain = [(genesis, nil)]
  }

  mutating func fail(_ promise: Int, _ text: String) {
    findings.append(Finding(promise: promise, text: text))
  }

  /// An honest validator's vote became durable, so it may have left.
  mutating func voted(_ vote: Vote) {
    let view = vote.statement.view
    var earlier = said[Int(vote.signer.rawValue)][view] ?? Said()
    switch vote.statement {
    case .notarize(let proposal):
      if let other = earlier.notarized, other != proposal { fail(1, "\(vote.signer) notarized twice in \(view)") }
      earlier.notarized = proposal
    case .nullify:
      if earlier.finalized != nil { fail(1, "\(vote.signer) nullified the finalized view \(view)") }
      earlier.nullified = true
    case .finalize:
      if earlier.nullified { fail(1, "\(vote.signer) finalized the nullified view \(view)") }
      if let other = earlier.finalized, other != vote.statement { fail(1, "\(vote.signer) finalized twice in \(view)") }
      earlier.finalized = vote.statement
    }
    said[Int(vote.signer.rawValue)][view] = earlier
  }

  mutating func certified(_ certificate: Certificate) {
    let view = certificate.view
    switch certificate.statement {
    case .notarize(let proposal):
      if let other = notarizations[view], other != proposal { fail(2, "two blocks notarized in view \(view)") }
      notarizations[view] = proposal
    case .nullify:
      if finalizations[view] != nil { fail(3, "view \(view) is finalized and nullified") }
      nullifications.insert(view)
    case .finalize:
      if nullifications.contains(view) { fail(3, "view \(view) is nullified and finalized") }
      if let other = finalizations[view], other != certificate.statement { fail(5, "two outcomes of view \(view)") }
      finalizations[view] = certificate.statement
    }
  }

  /// A node holds `block` final at `height`.
  mutating func applied(_ block: Digest, _ proposal: Proposal?, height: Int, node: Int) {
    if height < chain.count {
      if chain[height].block != block { fail(9, "node \(node) has another block at height \(height)") }
    } else if height == chain.count {
      chain.append((block, proposal))
    } else {
      fail(9, "node \(node) skipped to height \(height)")
    }
  }

  /// The promises that need the whole run.
  mutating func finish() {
    for (view, statement) in finalizations.sorted(by: { $0.key < $1.key }) {
      if notarizations[view] != statement.proposal { fail(5, "view \(view) was finalized but not notarized so") }
    }
    var previous = View.genesis
    for (block, proposal) in chain.dropFirst() {
      guard let proposal else {
        fail(4, "block \(block.short) has no view")
        continue
      }
      if proposal.parent != previous { fail(4, "view \(proposal.view) has parent \(proposal.parent), not \(previous)") }
      var between = previous.rawValue + 1
      while between < proposal.view.rawValue {
        if !nullifications.contains(View(between)) { fail(4, "view \(between) in a gap is not nullified") }
        between += 1
      }
      previous = proposal.view
    }
  }
}
