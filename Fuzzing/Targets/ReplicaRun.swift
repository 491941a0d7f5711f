internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

/// One life of a replica, as an input tells it.
struct ReplicaRun: ~Copyable {
  private let traffic: Traffic
  private var input: FuzzInput
  private var replica: Replica
  private var effects = ReplicaEffects()
  private var pending: [VerificationRequest] = []
  private var now: Now
  /// Place in the traffic's script.
  private var next = 0
  private var steps = 0
  private var appended: UInt64 = 1
  private var height = Height.genesis
  /// Every signature holds: more than f validators lie, and then only the process must survive.
  private let believesAll: Bool
  /// Answers come at once; else when the input says.
  private let isPrompt: Bool

  /// The validator that says whatever the input says.
  private static let liar = ValidatorIndex(0)
  private static let liarPeer = PeerID(0)
  private static let stepLimit = 3000

  init(_ traffic: Traffic, _ input: FuzzInput, _ signatures: [[UInt8]: Signature]) {
    self.traffic = traffic
    self.input = input
    let choices = self.input.byte()
    believesAll = choices & 1 != 0
    isPrompt = choices & 8 == 0
    now = traffic.script.first?.now ?? Now(tick: Tick(1), wall: traffic.genesis.timestamp)
    var restoration = Restoration(genesis: traffic.genesis, ledger: LedgerState(genesis: traffic.genesis))
    let origin = choices & 4 != 0 ? LogOrigin.joined : .founded
    _ = try? restoration.apply(kind: LogOrigin.entryKind.rawValue, payload: origin.encoded(), at: LogPosition(1))
    let own = choices & 2 != 0 ? nil : Traffic.own
    let validators = traffic.genesis.validatorSet
    var configuration = ReplicaConfiguration(
      genesis: traffic.genesis, chain: traffic.chain, validators: validators, peers: PeerDirectory(validators),
      voteKey: own.map { validators.voteKey(of: $0) })
    configuration.pool = Mempool.Bounds(transactions: 2000, bytes: 1 << 20, memberShare: 2)
    replica = Replica(
      configuration: configuration, restored: restoration,
      signer: own == nil ? nil : RecordedSigner(signatures, traffic.chain), now: now)
  }

  mutating func go() throws(BrokenPromise) {
    while !input.isAtEnd, steps < Self.stepLimit { try step() }
    if !believesAll { replica.checkInvariants() }
  }

  private mutating func step() throws(BrokenPromise) {
    switch input.byte() % 10 {
    case 0:
      for _ in 0..<input.byte() where next < traffic.script.count {
        now = Now(tick: max(now.tick, traffic.script[next].now.tick), wall: traffic.script[next].now.wall)
        try give(traffic.script[next].input)
        next += 1
      }
    case 1: next += Int(input.byte())
    case 2: try give(.frame(from: peer(), bytes: changedFrame()))
    case 3: try give(.frame(from: peer(), bytes: input.bytes(Int(input.byte()))))
    case 4: try give(.frame(from: Self.liarPeer, bytes: PeerMessage.vote(lie()).encoded()))
    case 5: try give(.frame(from: Self.liarPeer, bytes: certificateLie().encoded()))
    case 6: try answer(input.byte(), input.bool())
    case 7:
      now.tick = now.tick.advanced(byMicroseconds: UInt64(input.byte()) << UInt64(input.byte() % 24))
      now.wall = now.wall.advanced(byMilliseconds: UInt64(input.byte()))
      try give(.tick)
    case 8: try give(input.bool() ? .connected(peer()) : .disconnected(peer()))
    default:
      var bytes = changedFrame()
      if case .transactions(let list)? = try? PeerMessage(bytes), let first = list.first { bytes = first }
      try give(.submit([Submission(token: SubmissionToken(number: UInt64(steps)), bytes: bytes)]))
    }
  }

  private mutating func peer() -> PeerID { PeerID(UInt16(input.byte() % 3)) }

  private mutating func changedFrame() -> [UInt8] {
    var frame = traffic.frames[input.word() % traffic.frames.count]
    for _ in 0..<input.byte() % 4 where !frame.isEmpty { frame[input.word() % frame.count] = input.byte() }
    return frame
  }

  private mutating func statementLie() -> Statement {
    let view = View(max(1, input.bool() ? input.long() : UInt64(input.byte())))
    let parent = View(view.rawValue - 1 - min(view.rawValue - 1, UInt64(input.byte())))
    let blocks = traffic.frames.count
    let frame = traffic.frames[input.word() % blocks]
    var block = Digest(input.long(), 0, 0, 0)
    if case .vote(let vote)? = try? PeerMessage(frame), let known = vote.statement.proposal?.block { block = known }
    let proposal = Proposal(epoch: .first, view: view, parent: parent, block: block)
    switch input.byte() % 3 {
    case 0: return .notarize(proposal)
    case 1: return .nullify(epoch: .first, view: view)
    default: return .finalize(proposal, result: Digest(input.long(), 0, 0, 0))
    }
  }

  private mutating func lie() -> Vote {
    let statement = statementLie()
    let tag = RecordedSigner.tag(statement.signedBytes(traffic.chain))
    return Vote(statement: statement, signer: Self.liar, signature: tag)
  }

  private mutating func certificateLie() -> PeerMessage {
    let vote = lie()
    let signers = [0, 1, 2].map { ValidatorIndex(UInt16($0)) }
    return .certificate(
      Certificate(statement: vote.statement, signers: signers, signatures: signers.map { _ in vote.signature }))
  }

  // MARK: The shell

  private mutating func give(_ input: ReplicaInput) throws(BrokenPromise) {
    steps += 1
    replica.step(input, now: now, effects: &effects)
    try carryOut()
    guard isPrompt else { return }
    while !pending.isEmpty, steps < Self.stepLimit { try answer(0, true) }
    try become(LogPosition(appended))
  }

  private mutating func carryOut() throws(BrokenPromise) {
    appended += UInt64(effects.records.count)
    for send in effects.sends {
      try promise(send.after.rawValue <= appended, "a send waits for \(send.after), the log has \(appended)")
      try promise((try? PeerMessage(send.frame)) != nil, "sends what is no message: \(Hex.encode(send.frame))")
    }
    for commit in effects.commits {
      try promise(commit.height.rawValue == height.rawValue + 1, "\(commit.height) is committed behind \(height)")
      height = commit.height
    }
    for case .misbehaved(_, let code, let explanation) in effects.notices {
      try promise(!code.isEmpty && !explanation.isEmpty, "a peer is blamed without words")
    }
    pending += effects.verifications
    effects.removeAll()
    if !believesAll, steps.isMultiple(of: 64) { replica.checkInvariants() }
  }

  private mutating func become(_ durable: LogPosition) throws(BrokenPromise) {
    guard durable > replica.durablePosition else { return }
    steps += 1
    replica.step(.durable(durable), now: now, effects: &effects)
    try carryOut()
  }

  /// Answers one request, or says that the log is durable.
  private mutating func answer(_ choice: UInt8, _ isVerification: Bool) throws(BrokenPromise) {
    guard isVerification else { return try become(LogPosition(appended - min(appended, UInt64(choice % 4)))) }
    guard !pending.isEmpty else { return }
    let request = pending.remove(at: Int(choice) % pending.count)
    steps += 1
    var results: [Bool] = []
    for item in request.items { results.append(holds(item)) }
    replica.step(.verified(request.ticket, results), now: now, effects: &effects)
    try carryOut()
  }

  private func holds(_ item: VerificationItem) -> Bool {
    if believesAll || traffic.genuine.contains(item) { return true }
    let speaker = [Self.liar, Traffic.own].first { traffic.genesis.validators[Int($0.rawValue)].voteKey == item.key }
    return speaker != nil && item.signature == RecordedSigner.tag(item.message)
  }
}
