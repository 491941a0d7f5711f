import Consensus
import Cryptography
import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

/// One replica on a harness: the test plays its peers, its clients, its workers and its disk.
///
/// By default signatures are answered and records are durable at once.
final class ReplicaHarness {
  let options: SwarmOptions
  let ring: KeyRing
  let population: Population
  let own: ValidatorIndex
  var replica: Replica
  var effects = ReplicaEffects()
  var now = Now(tick: Tick(1_000_000), wall: Timestamp(SimulatedClock.start))
  var hash: HashFunction

  /// Whether the disk answers at once, and whether the workers do.
  var isDiskPrompt = true
  var areWorkersPrompt = true
  /// The disk takes no more records than so many.
  var diskLimit: Int?
  /// The log, and up to where it is durable.
  private(set) var log: [PendingRecord] = []
  var durable = 0
  private(set) var undurable: [Send] = []
  /// What left the node, and what it said to people and clients.
  private(set) var sent: [(message: PeerMessage, to: Audience)] = []
  private(set) var notices: [Notice] = []
  private(set) var commits: [Commit] = []
  private(set) var answers: [SubmissionAnswer] = []
  private(set) var ranges: [RangeRequest] = []
  private(set) var requests: [VerificationRequest] = []
  private(set) var hurried: [Ticket] = []
  private var nonce: UInt64 = 0
  private var lastToken: UInt64 = 0

  init(validators: Int = 4, own: Int = 0, origin: LogOrigin = .founded) throws {
    var options = SwarmOptions()
    options.validators = validators
    self.options = options
    ring = KeyRing(options.suite, isReal: false, generator: SeededGenerator(seed: 7))
    population = Population(options, ring: ring)
    self.own = ValidatorIndex(UInt16(own))
    hash = HashFunction(options.suite)
    log = [PendingRecord(.origin, payload: [origin.rawValue])]
    durable = 1
    replica = try Self.replica(population, ring, self.own, log, now)
    step(.tick)
    for peer in 0..<validators where peer != own { step(.connected(ValidatorIndex(UInt16(peer)))) }
  }

  /// What a start makes of a log.
  /// - Parameter isNamed: whether the log's segments name the node's key.
  static func restoration(
    _ population: Population, _ ring: KeyRing, _ own: ValidatorIndex, _ log: [PendingRecord], isNamed: Bool = true
  ) throws -> Restoration {
    var restoration = Restoration(genesis: population.genesis, ledger: LedgerState(genesis: population.genesis))
    for (index, record) in log.enumerated() {
      _ = try restoration.take(
        kind: record.kind.rawValue, payload: record.payload, at: LogPosition(UInt64(index + 1)))
    }
    _ = restoration.finish()
    try restoration.requireOwn(by: own, isNamed: isNamed) { ring.holds($0) }
    return restoration
  }

  private static func replica(
    _ population: Population, _ ring: KeyRing, _ own: ValidatorIndex, _ log: [PendingRecord], _ now: Now
  ) throws -> Replica {
    let restoration = try restoration(population, ring, own, log)
    var memory = VoteGuard(epoch: .first)
    memory.raiseFloor(to: restoration.closedView)
    for statement in restoration.signedStatements { memory.remember(statement) }
    let signer = SimulatedSigner(
      ring: ring, key: population.voteKeys[Int(own.rawValue)], chain: population.chain, memory: memory,
      isUnguarded: false)
    let configuration = ReplicaConfiguration(genesis: population.genesis, chain: population.chain, own: own)
    return Replica(configuration: configuration, restored: restoration, signer: signer, now: now)
  }

  /// Stops the node and starts it again with the first `count` records of its log.
  func restart(keeping count: Int? = nil) throws {
    log.removeLast(log.count - (count ?? durable))
    durable = log.count
    undurable = []
    requests = []
    effects.removeAll()
    replica = try Self.replica(population, ring, own, log, now)
    step(.tick)
    for peer in 0..<options.validators where peer != Int(own.rawValue) {
      step(.connected(ValidatorIndex(UInt16(peer))))
    }
  }

  /// Starts with the log of another node, or a part of it.
  func adopt(_ records: [PendingRecord]) throws {
    log = records
    durable = records.count
    try restart()
  }

  // MARK: Inputs

  func step(_ input: ReplicaInput) {
    replica.step(input, now: now, effects: &effects)
    replica.checkInvariants()
    carryOut()
    let reach = min(log.count, diskLimit ?? .max)
    guard isDiskPrompt, durable < reach else { return }
    sync(reach)
  }

  /// The disk has written everything, or the first `count` records.
  func sync(_ count: Int? = nil) {
    durable = count ?? log.count
    step(.durable(LogPosition(UInt64(durable))))
    release()
  }

  func advance(milliseconds: UInt64) {
    now.tick = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    now.wall = now.wall.advanced(byMilliseconds: milliseconds)
    step(.tick)
  }

  /// Lets time pass from deadline to deadline.
  func run(milliseconds: UInt64) {
    let end = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    while let next = replica.nextDeadline, next <= end {
      let passed = next.microseconds(since: now.tick)
      now.tick = max(next, now.tick)
      now.wall = now.wall.advanced(byMilliseconds: passed / 1000)
      step(.tick)
    }
    now.tick = end
  }

  func receive(_ message: PeerMessage, from peer: Int) {
    step(.frame(from: ValidatorIndex(UInt16(peer)), bytes: message.encoded()))
  }

  @discardableResult
  func submit(_ transaction: SignedTransaction) -> Result<Acceptance, SubmissionRefusal>? {
    lastToken += 1
    let token = SubmissionToken(number: lastToken)
    step(.submit([Submission(token: token, bytes: transaction.bytes)]))
    return answers.last { $0.token == token }?.answer
  }

  /// Answers a verification request as the workers would.
  func verify(_ request: VerificationRequest) {
    requests.removeAll { $0.ticket == request.ticket }
    step(.verified(request.ticket, request.items.map { ring.holds($0) }))
  }

  private func carryOut() {
    log += effects.records
    undurable += effects.sends
    notices += effects.notices
    commits += effects.commits
    answers += effects.answers
    ranges += effects.ranges
    requests += effects.verifications
    hurried += effects.urgentTickets
    effects.removeAll()
    release()
    guard areWorkersPrompt else { return }
    while let request = requests.first { verify(request) }
  }

  private func release() {
    let ready = undurable.filter { Int($0.after.rawValue) <= durable }
    undurable.removeAll { Int($0.after.rawValue) <= durable }
    for send in ready {
      do {
        sent.append((try PeerMessage(send.frame), send.to))
      } catch {
        Issue.record("a frame that nobody can read left the node: \(error.explanation)")
      }
    }
  }

  func forgetSent() {
    sent = []
    notices = []
  }

  // MARK: What was said

  /// Own votes that left the node, in order.
  var votes: [Statement] {
    sent.compactMap { entry in
      switch entry.message {
      case .vote(let vote), .proposal(let vote, _): vote.statement
      default: nil
      }
    }
  }

  // The replica cannot be copied, so expectations ask for its parts here.
  var stopReason: StopReason? { replica.stopped }
  var isListening: Bool { replica.isListening }

  var blame: [String] {
    notices.compactMap { notice in
      guard case .misbehaved(_, let code, _) = notice else { return nil }
      return code
    }
  }

  var rejections: [String] {
    notices.compactMap { notice in
      guard case .rejectedBlock(_, let code, _) = notice else { return nil }
      return code
    }
  }

  // MARK: Making things

  func leader(of view: UInt64) -> Int { Int(view) % options.validators }

  func vote(_ statement: Statement, by signer: Int) throws -> Vote {
    let key = population.voteKeys[signer]
    let signature = try #require(ring.sign(statement.signedBytes(population.chain), with: key))
    return Vote(statement: statement, signer: ValidatorIndex(UInt16(signer)), signature: signature)
  }

  func certificate(_ statement: Statement, by signers: [Int]) throws -> Certificate {
    let votes = try signers.map { try vote(statement, by: $0) }
    return Certificate(statement: statement, signers: votes.map(\.signer), signatures: votes.map(\.signature))
  }

  func nullify(_ view: UInt64) -> Statement { .nullify(epoch: .first, view: View(view)) }

  func proposal(_ block: Block, view: UInt64, parent: UInt64 = 0) -> Proposal {
    Proposal(epoch: .first, view: View(view), parent: View(parent), block: block.digest)
  }

  /// A transfer between two banks, signed.
  func transaction(
    validFor milliseconds: UInt64 = 600_000, from payer: Int = 0, to payee: Int = 1, key: PublicKey? = nil
  ) throws -> SignedTransaction {
    nonce += 1
    let member = Population.banks[payer]
    let operation = Operation.assetTransfer(
      asset: Population.asset, from: AccountName(member), to: AccountName(Population.banks[payee]), amount: Amount(1))
    var draft = try TransactionDraft(
      operations: [operation], validUntil: now.wall.advanced(byMilliseconds: milliseconds), nonce: nonce,
      chain: population.chain, hash: &hash)
    let signer = try #require(key ?? population.memberKeys[member])
    let signature = try #require(ring.sign(draft.signedBytes, with: signer))
    draft.add(TransactionSignature(member: member, key: signer, signature: signature))
    return try draft.assemble(hash: &hash)
  }

  /// The same transaction with a signature that does not hold.
  func spoiled(_ transaction: SignedTransaction) throws -> SignedTransaction {
    var bytes = transaction.bytes
    bytes[bytes.count - 40] ^= 1
    return try SignedTransaction(bytes: bytes, chain: population.chain, hash: &hash)
  }

  /// The genesis block as a parent.
  var genesisPoint: ChainPoint { LedgerState(genesis: population.genesis).settled }

  func block(
    _ transactions: [SignedTransaction] = [], on parent: ChainPoint? = nil, at time: Timestamp? = nil
  ) -> Block {
    let parent = parent ?? genesisPoint
    return Block.assemble(
      height: Height(parent.height.rawValue + 1), parent: parent.block, parentResult: parent.result,
      timestamp: time ?? max(now.wall, parent.timestamp.advanced(byMilliseconds: 1)), transactions: transactions,
      chain: population.chain, hash: &hash)
  }

  /// What executing blocks one after the other gives.
  func points(_ blocks: [Block]) throws -> [ChainPoint] {
    var state = LedgerState(genesis: population.genesis)
    var points: [ChainPoint] = []
    for block in blocks {
      _ = try state.execute(block)
      points.append(state.tip)
    }
    return points
  }

  /// A chain of blocks, one transaction each.
  func chain(_ count: Int) throws -> [Block] {
    var state = LedgerState(genesis: population.genesis)
    var blocks: [Block] = []
    for _ in 0..<count {
      let next = block([try transaction()], on: state.tip)
      _ = try state.execute(next)
      blocks.append(next)
    }
    return blocks
  }

  /// The leader of `view` proposes `block`.
  func propose(_ block: Block, view: UInt64, parent: UInt64 = 0) throws {
    let leader = leader(of: view)
    receive(
      .proposal(try vote(.notarize(proposal(block, view: view, parent: parent)), by: leader), block: block.bytes),
      from: leader)
  }

  /// A quorum without this node.
  var others: [Int] {
    Array(
      (0..<options.validators).filter { $0 != Int(own.rawValue) }.prefix(Quorum(validators: options.validators).size))
  }
}
