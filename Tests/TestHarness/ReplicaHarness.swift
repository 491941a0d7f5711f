internal import Consensus
package import Cryptography
package import Ledger
package import Primitives
package import Replica
package import Simulation

/// One replica on a harness: the test plays its peers, its clients, its workers and its disk.
///
/// By default signatures are answered and records are durable at once.
package final class ReplicaHarness {
  /// A key that the population does not have.
  package struct MissingKey: Error {}

  package let options: SwarmOptions
  package let ring: KeyRing
  package let population: Population
  package let own: ValidatorIndex
  package var replica: Replica
  package var effects = ReplicaEffects()
  package var now = Now(tick: Tick(1_000_000), wall: Timestamp(SimulatedClock.start))
  package var hash: HashFunction

  /// Whether the disk answers at once, and whether the workers do.
  package var isDiskPrompt = true
  package var areWorkersPrompt = true
  /// The disk takes no more records than so many.
  package var diskLimit: Int?
  /// The log, and up to where it is durable.
  package private(set) var log: [PendingRecord] = []
  package var durable = 0
  package private(set) var undurable: [Send] = []
  /// What left the node, and what it said to people and clients.
  package private(set) var sent: [(message: PeerMessage, to: Audience)] = []
  package private(set) var notices: [Notice] = []
  package private(set) var commits: [Commit] = []
  package private(set) var answers: [SubmissionAnswer] = []
  package private(set) var ranges: [RangeRequest] = []
  package private(set) var requests: [VerificationRequest] = []
  package private(set) var hurried: [Ticket] = []
  private var nonce: UInt64 = 0
  private var lastToken: UInt64 = 0

  package init(validators: Int = 4, own: Int = 0, origin: LogOrigin = .founded) throws {
    var options = SwarmOptions()
    options.validators = validators
    self.options = options
    ring = KeyRing(options.suite, isReal: false, generator: SeededGenerator(seed: 7))
    population = Population(options, ring: ring)
    self.own = ValidatorIndex(UInt16(own))
    hash = HashFunction(options.suite)
    log = [PendingRecord(origin)]
    durable = 1
    replica = try Self.replica(population, ring, self.own, log, now)
    step(.tick)
    for peer in 0..<validators where peer != own { step(.connected(PeerID(UInt16(peer)))) }
  }

  /// What a start makes of a log.
  /// - Parameter isNamed: whether the log's segments name the node's key.
  package static func restoration(
    _ population: Population, _ ring: KeyRing, _ own: ValidatorIndex, _ log: [PendingRecord], isNamed: Bool = true
  ) throws -> Restoration {
    var restoration = Restoration(genesis: population.genesis, ledger: LedgerState(genesis: population.genesis))
    for (index, record) in log.enumerated() {
      _ = try restoration.apply(
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
    let validators = population.genesis.validatorSet
    let signer = SimulatedSigner(
      ring: ring, key: validators.voteKey(of: own), chain: population.chain,
      memory: restoration.voteGuard(epoch: validators.epoch), isUnguarded: false)
    let configuration = ReplicaConfiguration(
      genesis: population.genesis, chain: population.chain, validators: validators, peers: PeerDirectory(validators),
      voteKey: validators.voteKey(of: own))
    return Replica(configuration: configuration, restored: restoration, signer: signer, now: now)
  }

  /// Stops the node and starts it again with the first `count` records of its log.
  package func restart(keeping count: Int? = nil) throws {
    log.removeLast(log.count - (count ?? durable))
    durable = log.count
    undurable = []
    requests = []
    effects.removeAll()
    replica = try Self.replica(population, ring, own, log, now)
    step(.tick)
    for peer in 0..<options.validators where peer != Int(own.rawValue) {
      step(.connected(PeerID(UInt16(peer))))
    }
  }

  /// Starts with the log of another node, or a part of it.
  package func adopt(_ records: [PendingRecord]) throws {
    log = records
    durable = records.count
    try restart()
  }

  // MARK: Inputs

  package func step(_ input: ReplicaInput) {
    replica.step(input, now: now, effects: &effects)
    replica.checkInvariants()
    carryOut()
    let reach = min(log.count, diskLimit ?? .max)
    guard isDiskPrompt, durable < reach else { return }
    sync(reach)
  }

  /// The disk has written everything, or the first `count` records.
  package func sync(_ count: Int? = nil) {
    durable = count ?? log.count
    step(.durable(LogPosition(UInt64(durable))))
    release()
  }

  package func advance(milliseconds: UInt64) {
    now.tick = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    now.wall = now.wall.advanced(byMilliseconds: milliseconds)
    step(.tick)
  }

  /// Lets time pass from deadline to deadline.
  package func run(milliseconds: UInt64) {
    let end = now.tick.advanced(byMicroseconds: milliseconds * 1000)
    while let next = replica.nextDeadline, next <= end {
      let passed = next.microseconds(since: now.tick)
      now.tick = max(next, now.tick)
      now.wall = now.wall.advanced(byMilliseconds: passed / 1000)
      step(.tick)
    }
    now.tick = end
  }

  package func receive(_ message: PeerMessage, from peer: Int) {
    step(.frame(from: PeerID(UInt16(peer)), bytes: message.encoded()))
  }

  @discardableResult
  package func submit(_ transaction: SignedTransaction) -> Result<Acceptance, SubmissionRefusal>? {
    lastToken += 1
    let token = SubmissionToken(number: lastToken)
    step(.submit([Submission(token: token, bytes: transaction.bytes)]))
    return answers.last { $0.token == token }?.answer
  }

  /// Answers a verification request as the workers would.
  package func verify(_ request: VerificationRequest) {
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
        preconditionFailure("the node sent a malformed frame: \(error.explanation)")
      }
    }
  }

  package func forgetSent() {
    sent = []
    notices = []
  }

  // MARK: What was said

  /// Own votes that left the node, in order.
  package var votes: [Statement] {
    sent.compactMap { entry in
      switch entry.message {
      case .vote(let vote), .proposal(let vote, _): vote.statement
      default: nil
      }
    }
  }

  // The replica cannot be copied, so expectations ask for its parts here.
  package var stopReason: StopReason? { replica.stopped }
  package var isListening: Bool { replica.isListening }

  package var blame: [String] {
    notices.compactMap { notice in
      guard case .misbehaved(_, let code, _) = notice else { return nil }
      return code
    }
  }

  package var rejections: [String] {
    notices.compactMap { notice in
      guard case .rejectedBlock(_, let code, _) = notice else { return nil }
      return code
    }
  }

  // MARK: Making things

  private func unwrap<Value>(_ value: Value?) throws(MissingKey) -> Value {
    guard let value else { throw MissingKey() }
    return value
  }

  package func leader(of view: UInt64) -> Int { Int(view) % options.validators }

  package func vote(_ statement: Statement, by signer: Int) throws -> Vote {
    let key = population.voteKeys[signer]
    let signature = try unwrap(ring.sign(statement.signedBytes(population.chain), with: key))
    return Vote(statement: statement, signer: ValidatorIndex(UInt16(signer)), signature: signature)
  }

  package func certificate(_ statement: Statement, by signers: [Int]) throws -> Certificate {
    let votes = try signers.map { try vote(statement, by: $0) }
    return Certificate(statement: statement, signers: votes.map(\.signer), signatures: votes.map(\.signature))
  }

  package func nullify(_ view: UInt64) -> Statement { .nullify(epoch: .first, view: View(view)) }

  package func proposal(_ block: Block, view: UInt64, parent: UInt64 = 0) -> Proposal {
    Proposal(epoch: .first, view: View(view), parent: View(parent), block: block.digest)
  }

  /// A transfer between two banks, signed.
  package func transaction(
    validFor milliseconds: UInt64 = 600_000, from payer: Int = 0, to payee: Int = 1, key: PublicKey? = nil
  ) throws -> SignedTransaction {
    nonce += 1
    let member = Population.banks[payer]
    let operation = Operation.assetTransfer(
      asset: Population.asset, from: AccountName(member), to: AccountName(Population.banks[payee]), amount: Amount(1))
    var draft = try TransactionDraft(
      operations: [operation], validUntil: now.wall.advanced(byMilliseconds: milliseconds), nonce: nonce,
      chain: population.chain, hash: &hash)
    let signer = try unwrap(key ?? population.memberKeys[member])
    let signature = try unwrap(ring.sign(draft.signedBytes, with: signer))
    draft.add(TransactionSignature(member: member, key: signer, signature: signature))
    return try draft.assemble(hash: &hash)
  }

  /// The same transaction with a signature that does not hold.
  package func spoiled(_ transaction: SignedTransaction) throws -> SignedTransaction {
    var bytes = transaction.bytes
    bytes[bytes.count - 40] ^= 1
    return try SignedTransaction(bytes: bytes, chain: population.chain, hash: &hash)
  }

  /// The genesis block as a parent.
  package var genesisPoint: ChainPoint { LedgerState(genesis: population.genesis).settled }

  package func block(
    _ transactions: [SignedTransaction] = [], on parent: ChainPoint? = nil, at time: Timestamp? = nil
  ) -> Block {
    let parent = parent ?? genesisPoint
    return Block.assemble(
      height: Height(parent.height.rawValue + 1), parent: parent.block, parentResult: parent.result,
      timestamp: time ?? max(now.wall, parent.timestamp.advanced(byMilliseconds: 1)), transactions: transactions,
      chain: population.chain, hash: &hash)
  }

  /// What executing blocks one after the other gives.
  package func points(_ blocks: [Block]) throws -> [ChainPoint] {
    var state = LedgerState(genesis: population.genesis)
    var points: [ChainPoint] = []
    for block in blocks {
      _ = try state.execute(block)
      points.append(state.tip)
    }
    return points
  }

  /// A chain of blocks, one transaction each.
  package func chain(_ count: Int) throws -> [Block] {
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
  package func propose(_ block: Block, view: UInt64, parent: UInt64 = 0) throws {
    let leader = leader(of: view)
    receive(
      .proposal(try vote(.notarize(proposal(block, view: view, parent: parent)), by: leader), block: block.bytes),
      from: leader)
  }

  /// A quorum without this node.
  package var others: [Int] {
    Array(
      (0..<options.validators).filter { $0 != Int(own.rawValue) }.prefix(Quorum(validators: options.validators).size))
  }
}
