import Consensus
import Cryptography
import Ledger
import Primitives
import Replica

/// Makes the frames of the plays.
struct Forger: ~Copyable {
  let key: PrivateKey
  let own: ValidatorIndex
  let chain: ChainContext
  let validators: ValidatorSet
  var random: SeededGenerator
  private var hash: HashFunction

  init(key: PrivateKey, own: ValidatorIndex, genesis: Genesis, random: SeededGenerator) {
    self.key = key
    self.own = own
    self.random = random
    chain = genesis.chain
    validators = genesis.validatorSet
    hash = HashFunction(genesis.suite)
  }

  /// The next frames of a play; none if there is nothing to send now.
  mutating func frames(_ play: HostilePlay, _ seen: Witnessed) -> [[UInt8]] {
    switch play {
    case .idle: [status(of: seen)]
    case .garbage: (0..<32).map { _ in garbage(seen) }
    case .forgedVotes: (0..<64).map { _ in PeerMessage.vote(forgedVote(seen)).encoded() }
    case .contradictions: contradictions(seen)
    case .proposals: proposals(seen)
    case .forgedCertificates: forgedCertificates(seen)
    case .badTransactions: [transactions(seen, isForged: true)]
    case .resubmissions: [transactions(seen, isForged: false)]
    case .questions, .deaf: (0..<32).map { _ in question(seen).encoded() }
    case .lies: (0..<16).map { _ in lie(seen).encoded() }
    case .echo: seen.frames.shuffled(using: &random).prefix(64).map(\.self)
    case .churn, .starve, .drip, .mixed: []
    }
  }

  // MARK: Parts

  mutating func digest() -> Digest { Digest(random.next(), random.next(), random.next(), random.next()) }

  private mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      let word = random.next()
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
    }
    return Array(bytes.prefix(count))
  }

  private mutating func signature() -> Signature { Signature(first: digest(), second: digest()) }

  func sign(_ statement: Statement) -> Vote? {
    guard let signature = try? key.sign(statement.signedBytes(chain)) else { return nil }
    return Vote(statement: statement, signer: own, signature: signature)
  }

  /// The final, the current or the next view, or one far away.
  private mutating func view(_ seen: Witnessed, isFar: Bool = true) -> View {
    let current = seen.view.rawValue
    let views = [seen.finalView.rawValue, current, current &+ 1, max(1, current / 2)]
    let far = [current &+ 1000, .max, 1 << 40]
    return View(max(1, (isFar ? views + far : views).randomElement(using: &random) ?? current))
  }

  private mutating func statement(in view: View) -> Statement {
    let proposal = Proposal(
      epoch: .first, view: view, parent: View(view.rawValue - 1), block: digest())
    return switch Int.random(in: 0..<3, using: &random) {
    case 0: .notarize(proposal)
    case 1: .nullify(epoch: .first, view: view)
    default: .finalize(proposal, result: digest())
    }
  }

  // MARK: Plays

  private func status(of seen: Witnessed) -> [UInt8] {
    PeerMessage.status(
      PeerStatus(epoch: .first, view: seen.view, finalizedView: seen.finalView, height: seen.height)
    ).encoded()
  }

  private mutating func garbage(_ seen: Witnessed) -> [UInt8] {
    if Bool.random(using: &random), var frame = seen.frames.randomElement(using: &random), !frame.isEmpty {
      for _ in 0..<3 {
        frame[Int.random(in: 0..<frame.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
      if frame[0] < 0xF0 { return frame }
    }
    let kind =
      Int.random(in: 0..<8, using: &random) == 0
      ? UInt8.random(in: 0..<0xF0, using: &random) : .random(in: 1...16, using: &random)
    let size = Int.random(in: 0..<64, using: &random) == 0 ? 1 << 20 : Int.random(in: 0...300, using: &random)
    return [kind] + bytes(size)
  }

  private mutating func forgedVote(_ seen: Witnessed) -> Vote {
    Vote(statement: statement(in: view(seen)), signer: own, signature: signature())
  }

  private mutating func contradictions(_ seen: Witnessed) -> [[UInt8]] {
    (0..<8).compactMap { _ in sign(statement(in: view(seen, isFar: false))) }.map { PeerMessage.vote($0).encoded() }
  }

  private mutating func forgedCertificates(_ seen: Witnessed) -> [[UInt8]] {
    var frames = (0..<16).map { _ in PeerMessage.certificate(forgedCertificate(statement(in: view(seen)))).encoded() }
    if let known = seen.proposals.values.randomElement(using: &random) {
      let proposal = Proposal(
        epoch: .first, view: View(known.proposal.view.rawValue &+ 1000), parent: known.proposal.view,
        block: known.block.digest)
      let range = BlockRange(
        blocks: [known.block.bytes], headers: [],
        finalization: forgedCertificate(.finalize(proposal, result: digest())))
      frames.append(PeerMessage.range(range).encoded())
    }
    return frames
  }

  private mutating func forgedCertificate(_ statement: Statement) -> Certificate {
    let signers = (0..<validators.quorum.size).map { ValidatorIndex(UInt16($0)) }
    return Certificate(statement: statement, signers: signers, signatures: signers.map { _ in signature() })
  }

  /// A frame of genuine transactions; if `isForged`, each with another nonce, so that it is a new one whose signatures do
  /// not hold.
  private mutating func transactions(_ seen: Witnessed, isForged: Bool) -> [UInt8] {
    let chosen = (0..<min(64, seen.transactions.count)).compactMap { _ -> [UInt8]? in
      guard let genuine = seen.transactions.randomElement(using: &random) else { return nil }
      return isForged ? forged(genuine) : genuine
    }
    return PeerMessage.transactions(chosen).encoded()
  }

  private mutating func forged(_ transaction: [UInt8]) -> [UInt8] {
    var bytes = transaction
    // The nonce follows the version, the genesis digest and the time until which the transaction is valid.
    let nonce = 1 + Digest.byteCount + 8
    guard bytes.count > nonce + 8 else { return bytes }
    for place in nonce..<nonce + 8 { bytes[place] = UInt8.random(in: 0...255, using: &random) }
    return bytes
  }

  private mutating func question(_ seen: Witnessed) -> PeerMessage {
    let height = Height(UInt64.random(in: 0...seen.height.rawValue, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .fetchBlock(seen.proposals.values.randomElement(using: &random)?.block.digest ?? digest())
    case 1: return .fetchRange(from: Height(1))
    case 2: return .fetchCertificates(of: .first, from: View(1), to: View(.max))
    case 3: return .fetchSnapshot(above: .genesis)
    case 4: return .fetchChunk(seen.manifestHeight, index: 0)
    default: return .fetchFinal(height)
    }
  }

  private mutating func lie(_ seen: Witnessed) -> PeerMessage {
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      return .status(PeerStatus(epoch: .first, view: View(.max), finalizedView: View(.max), height: Height(.max)))
    case 1:
      let height = Height(seen.height.rawValue &+ 10_000)
      return .status(PeerStatus(epoch: .first, view: seen.view, finalizedView: seen.finalView, height: height))
    case 2: return seen.manifest.map { .snapshot($0) } ?? .fetchSnapshot(above: .genesis)
    case 3: return .chunk(seen.manifestHeight, index: 0, bytes: bytes(Int.random(in: 0...4096, using: &random)))
    default: return .fetchRange(from: Height(seen.height.rawValue &+ 1))
    }
  }

  // MARK: Proposals

  private mutating func proposals(_ seen: Witnessed) -> [[UInt8]] {
    // The next view that it leads, or, just as often, one that has been decided.
    let isOld = Bool.random(using: &random)
    var view = isOld ? max(seen.finalView, View(1)) : seen.view
    while validators.leader(of: view) != own, let following = view.next { view = following }
    var frames: [[UInt8]] = []
    func add(_ header: BlockHeader, _ transactions: [SignedTransaction], parent: View) {
      let block = Block.assemble(
        height: header.height, parent: header.parent, parentResult: header.parentResult, timestamp: header.timestamp,
        transactions: transactions, chain: chain, hash: &hash)
      guard parent < view else { return }
      let proposal = Proposal(epoch: .first, view: view, parent: parent, block: block.digest)
      if let vote = sign(.notarize(proposal)) {
        frames.append(PeerMessage.proposal(vote, block: block.bytes).encoded())
      }
    }
    guard let next = seen.next(chain) else { return [] }
    var header = next.header
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      header.height = Height(UInt64.random(in: 0...seen.height.rawValue, using: &random))
      add(header, [], parent: next.parent)
    case 1:
      header.parent = digest()
      add(header, [], parent: next.parent)
    case 2:
      // Withholds the block.
      let proposal = Proposal(epoch: .first, view: view, parent: View(view.rawValue - 1), block: digest())
      if let vote = sign(.notarize(proposal)) { frames.append(PeerMessage.vote(vote).encoded()) }
    case 3:
      for _ in 0..<3 {
        header.timestamp = header.timestamp.advanced(byMilliseconds: 1)
        add(header, [], parent: next.parent)
      }
    default: add(header, invalidTransactions(seen), parent: next.parent)
    }
    return frames
  }

  private mutating func invalidTransactions(_ seen: Witnessed) -> [SignedTransaction] {
    var budget = BlockBudget()
    var made: [SignedTransaction] = []
    for _ in 0..<1000 {
      guard let genuine = seen.transactions.randomElement(using: &random),
        let forged = try? SignedTransaction(bytes: forged(genuine), chain: chain, hash: &hash), budget.take(forged)
      else { break }
      made.append(forged)
    }
    return made
  }

  /// A valid empty block in a view that this validator leads, as the frame of its proposal.
  mutating func validProposal(in view: View, _ seen: Witnessed) -> [UInt8]? {
    guard let next = seen.next(chain), next.parent < view else { return nil }
    let block = Block.assemble(
      height: next.header.height, parent: next.header.parent, parentResult: next.header.parentResult,
      timestamp: next.header.timestamp, transactions: [], chain: chain, hash: &hash)
    let proposal = Proposal(epoch: .first, view: view, parent: next.parent, block: block.digest)
    return sign(.notarize(proposal)).map { PeerMessage.proposal($0, block: block.bytes).encoded() }
  }
}
