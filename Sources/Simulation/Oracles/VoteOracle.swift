internal import Cryptography
internal import Primitives
internal import Replica

/// Watches every vote and certificate that leaves an honest node or enters its log, across all its runs (invariants 1
/// to 6 and 8 of the protocol).
struct VoteOracle {
  private struct Voted {
    var notarize: Statement?
    var nullify = false
    var finalize: Statement?
  }

  private struct Certified {
    var notarized: Digest?
    var isNullified = false
    var finalized: Statement?
  }

  private let chain: ChainContext
  /// The validators of each epoch.
  private var sets: [ValidatorSet] = []
  private let ring: KeyRing
  /// By seat: its votes in each view.
  private var voted: [[Round: Voted]]
  private var certified: [Round: Certified] = [:]
  /// Certificates whose signatures have been checked, by view: comparing a few is cheaper than hashing them.
  private var checked: [Round: [Certificate]] = [:]
  private(set) var highestFinalized = Round.genesis
  /// The last final view of each epoch.
  private var lastViews: [Epoch: View] = [:]

  /// - Parameter seats: the number of nodes that may ever vote, twins counted once.
  init(seats: Int, chain: ChainContext, ring: KeyRing) {
    self.chain = chain
    self.ring = ring
    voted = Array(repeating: [:], count: seats)
  }

  /// Takes over the validators of the next epoch.
  mutating func begin(_ set: ValidatorSet) { sets.append(set) }

  private func set(of epoch: Epoch) -> ValidatorSet? {
    epoch.rawValue < UInt64(sets.count) ? sets[Int(epoch.rawValue)] : nil
  }

  /// Receives a vote that leaves `node`. Returns the promise that it breaks.
  mutating func sent(_ vote: Vote, by node: SimulatedNode) -> String? {
    guard let set = set(of: vote.statement.round.epoch) else {
      return "\(name(node)) sends \(text(vote.statement)) of an epoch that has not begun"
    }
    guard set.contains(vote.signer), set[vote.signer].name == node.name else {
      return "\(name(node)) sends \(text(vote.statement)) as validator \(vote.signer)"
    }
    guard node.durable.votes.contains(vote.statement) else {
      return "8: \(name(node)) sends \(text(vote.statement)) before its record is durable"
    }
    guard ring.holds(item(vote.statement, set.voteKey(of: vote.signer), vote.signature)) else {
      return "\(name(node)) sends \(text(vote.statement)) with a bad signature"
    }
    let round = vote.statement.round
    node.lastVoted = max(node.lastVoted, round)
    var own = voted[node.seat][round] ?? Voted()
    defer { voted[node.seat][round] = own }
    switch vote.statement {
    case .notarize:
      if let before = own.notarize, before != vote.statement {
        return "1: \(name(node)) notarizes twice: \(text(before)) and \(text(vote.statement))"
      }
      // After a nullify vote it may only repeat an earlier notarize vote.
      if own.nullify, own.notarize == nil { return "1: \(name(node)) notarizes \(round) after nullifying it" }
      own.notarize = vote.statement
    case .nullify:
      if let before = own.finalize { return "1: \(name(node)) nullifies \(round) after \(text(before))" }
      own.nullify = true
    case .finalize:
      if own.nullify { return "1: \(name(node)) finalizes \(round) after nullifying it" }
      if let before = own.finalize, before != vote.statement {
        return "1: \(name(node)) finalizes twice: \(text(before)) and \(text(vote.statement))"
      }
      own.finalize = vote.statement
    }
    return nil
  }

  /// Receives a certificate that `node` sends or stores. Returns the promise that it breaks.
  mutating func seen(_ certificate: Certificate, at node: SimulatedNode) -> String? {
    let round = certificate.round
    if checked[round]?.contains(certificate) ?? false { return nil }
    guard let set = set(of: round.epoch) else {
      return "6: \(name(node)) holds a certificate of \(round), whose epoch has not begun"
    }
    // Computed here, not by the code under test.
    let validators = set.count
    let quorum = validators - (validators - 1) / 3
    let signers = Set(certificate.signers)
    guard signers.count == quorum, certificate.signers.count == quorum,
      signers.allSatisfy({ Int($0.rawValue) < validators })
    else { return "6: \(name(node)) holds a certificate of \(round) without a quorum" }
    for (signer, signature) in zip(certificate.signers, certificate.signatures)
    where !ring.holds(item(certificate.statement, set.voteKey(of: signer), signature)) {
      return "6: \(name(node)) holds \(text(certificate.statement)) with a bad signature of validator \(signer)"
    }
    if checked.count > 1024 { checked.removeAll(keepingCapacity: true) }
    checked[round, default: []].append(certificate)
    var known = certified[round] ?? Certified()
    defer { certified[round] = known }
    switch certificate.statement {
    case .notarize(let proposal):
      if let other = known.notarized, other != proposal.block {
        return "2: \(round) has two notarized blocks, \(other.short) and \(proposal.block.short)"
      }
      if let final = known.finalized?.proposal, final != proposal {
        return "5: \(round) is final with \(final.block.short) and notarized with \(proposal.block.short)"
      }
      known.notarized = proposal.block
    case .nullify:
      if known.finalized != nil { return "3: \(round) is nullified and finalized" }
      known.isNullified = true
    case .finalize(let proposal, _):
      if known.isNullified { return "3: \(round) is finalized and nullified" }
      if let other = known.finalized, other != certificate.statement {
        return "4: \(round) is finalized as \(text(other)) and \(text(certificate.statement))"
      }
      known.finalized = certificate.statement
      highestFinalized = max(highestFinalized, round)
      lastViews[round.epoch] = max(lastViews[round.epoch] ?? .genesis, round.view)
      if let block = known.notarized, block != proposal.block {
        return "5: \(round) finalizes \(proposal.block.short), notarized was \(block.short)"
      }
    }
    return nil
  }

  /// Checks at the end of a run that every view between a final block's view and its parent's is nullified. Returns the
  /// broken promise.
  func gap() -> String? {
    for round in certified.keys.sorted() {
      guard let final = certified[round]?.finalized?.proposal else { continue }
      var between = final.parent
      while let next = between.next, next < round.view {
        guard certified[Round(epoch: round.epoch, view: next)]?.isNullified ?? false else {
          return "4: \(round) is final on view \(final.parent), but view \(next) is not nullified"
        }
        between = next
      }
      if certified[round]?.notarized == nil { return "5: \(round) is final, but no node held its notarization" }
    }
    return nil
  }

  /// The views in which a quorum notarized one of these blocks, and which were not given up.
  func rounds(of blocks: Set<Digest>) -> Set<Round> {
    Set(
      certified.lazy.filter { !$0.value.isNullified && $0.value.notarized.map(blocks.contains) ?? false }.map(\.key))
  }

  /// The number of views of all epochs up to the last final one of each.
  var finalizedViews: UInt64 { lastViews.values.reduce(0) { $0 + $1.rawValue } }

  /// The number of views that were both notarized and nullified, which is legal and should occur.
  var twiceCertified: Int { certified.values.count { $0.notarized != nil && $0.isNullified } }

  func name(_ node: SimulatedNode) -> String { "node \(node.number) (\(node.name))" }

  func text(_ statement: Statement) -> String {
    let block = statement.proposal.map { " \($0.block.short) on view \($0.parent)" } ?? ""
    return "\(statement.kind) of \(statement.round)\(block)"
  }

  private func item(_ statement: Statement, _ key: PublicKey, _ signature: Signature) -> VerificationItem {
    VerificationItem(message: statement.signedBytes(chain), key: key, signature: signature)
  }
}
