internal import BlockLog
internal import Ledger
internal import Primitives
internal import Replica

/// The start of a replica from a log that the input describes.
struct RestorationRun: ~Copyable {
  private let traffic: Traffic
  private var input: FuzzInput
  private var restoration: Restoration
  private var position: UInt64 = 0
  /// The index of the next record in the recorded log.
  private var next = 0
  private var height = Height.genesis
  /// Whether a record was refused, at which point a starting node gives up.
  private var isRefused = false

  private static let recordLimit: UInt64 = 2000

  init(_ traffic: Traffic, _ input: FuzzInput) {
    self.traffic = traffic
    self.input = input
    restoration = Restoration(genesis: traffic.genesis, ledger: LedgerState(genesis: traffic.genesis))
  }

  consuming func go() throws(BrokenPromise) {
    while !input.isAtEnd, !isRefused, position < Self.recordLimit { try step() }
    guard !isRefused else { return }
    try promise(restoration.committed.height == height, "\(restoration.committed) behind commits up to \(height)")
    // A replica must be able to start from the restored state.
    let validators = traffic.genesis.validatorSet
    let configuration = ReplicaConfiguration(
      genesis: traffic.genesis, chain: traffic.chain, validators: validators, peers: PeerDirectory(validators),
      voteKey: validators.voteKey(of: Traffic.own))
    let wall = traffic.genesis.timestamp
    var replica = Replica(
      configuration: configuration, restored: restoration, signer: nil, now: Now(tick: Tick(1), wall: wall))
    var effects = ReplicaEffects()
    replica.checkInvariants()
    replica.step(.tick, now: Now(tick: Tick(10_000_000), wall: wall), effects: &effects)
    replica.checkInvariants()
  }

  private mutating func step() throws(BrokenPromise) {
    let records = traffic.records
    switch input.byte() % 5 {
    case 0:
      // The next records, unchanged.
      for _ in 0..<input.byte() where next < records.count {
        try take(records[next].kind, records[next].payload)
        next += 1
      }
    case 1: next += Int(input.byte())
    case 2:
      // One of the records, changed.
      let record = records[input.word() % records.count]
      var payload = record.payload
      for _ in 0..<input.byte() % 4 where !payload.isEmpty { payload[input.word() % payload.count] = input.byte() }
      try take(record.kind, payload)
    case 3:
      let kind = input.byte()
      try take(kind, input.bytes(Int(input.byte())))
    default: next = input.word() % records.count
    }
  }

  private mutating func take(_ kind: UInt8, _ payload: [UInt8]) throws(BrokenPromise) {
    guard !isRefused else { return }
    position += 1
    let commits: [Commit]
    do throws(RestorationError) {
      commits = try restoration.apply(kind: kind, payload: payload, at: LogPosition(position)).commits
    } catch {
      isRefused = true
      return try promise(!error.explanation.isEmpty && !error.nextStep.isEmpty, "\(error) is not explained")
    }
    for commit in commits {
      try promise(commit.height.rawValue == height.rawValue + 1, "\(commit.height) is committed behind \(height)")
      height = commit.height
    }
  }
}
