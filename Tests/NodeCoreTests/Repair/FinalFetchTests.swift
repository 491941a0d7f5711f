import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

/// The machine that fetches final blocks, without a network: the test is the peers and the clock.
@Testing.Suite("Fetching final blocks for a repair")
struct FinalFetchTests {
  private let validators: ValidatorSet
  private let chain: ChainContext
  private let second: UInt64 = 1_000_000
  /// Block 1 as a peer sends it.
  private let bytes: [UInt8]

  init() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    validators = harness.population.genesis.validatorSet
    chain = harness.population.chain
    bytes = try harness.finalizeOne()
  }

  private func fetch(_ heights: [UInt64]) -> FinalFetch {
    FinalFetch(heights.map { Height($0) }, chain: chain, validators: validators, now: Tick(0))
  }

  private func peers(_ numbers: [UInt16]) -> Set<PeerID> { Set(numbers.map { PeerID($0) }) }

  /// Who is asked for what; nil if nobody is.
  private func asked(_ step: FinalFetch.Step) -> (UInt16, UInt64)? {
    if case .ask(let peer, let height) = step { (peer.rawValue, height.rawValue) } else { nil }
  }

  private func found(_ step: FinalFetch.Step) -> [UInt64]? {
    if case .done(let found) = step { found.keys.map(\.rawValue).sorted() } else { nil }
  }

  private func expect(
    _ step: FinalFetch.Step, asks wanted: (UInt16, UInt64), at location: SourceLocation = #_sourceLocation
  ) {
    let asked = asked(step)
    #expect(asked?.0 == wanted.0 && asked?.1 == wanted.1, "\(step)", sourceLocation: location)
  }

  private func expect(
    _ step: FinalFetch.Step, finds heights: [UInt64], at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found(step) == heights, "\(step)", sourceLocation: location)
  }

  private func expectOpen(_ step: FinalFetch.Step, at location: SourceLocation = #_sourceLocation) {
    #expect(found(step) == nil, "\(step)", sourceLocation: location)
  }

  private func expect(_ fault: ReceiptError?, isBlamed: Bool, at location: SourceLocation = #_sourceLocation) {
    #expect((fault != nil) == isBlamed, "\(String(describing: fault))", sourceLocation: location)
  }

  private func accept(_ proof: CertifiedBlock) throws(ReceiptError) {}
  private func refuse(_ proof: CertifiedBlock) throws(ReceiptError) { throw .signature(ValidatorIndex(1)) }

  @Test("D2: a block that one peer has is fetched, and unrequested ones are ignored")
  func fetches() {
    var fetch = fetch([1])
    expect(fetch.next(peers([1, 2, 3]), now: Tick(0)), asks: (1, 1))
    expect(fetch.receive(bytes, of: Height(1), from: PeerID(2), now: Tick(1), verify: accept), isBlamed: false)
    expect(fetch.receive([], of: Height(2), from: PeerID(1), now: Tick(1), verify: accept), isBlamed: false)
    expectOpen(fetch.next(peers([1, 2, 3]), now: Tick(1)))
    expect(fetch.receive(bytes, of: Height(1), from: PeerID(1), now: Tick(2), verify: accept), isBlamed: false)
    expect(fetch.next(peers([1, 2, 3]), now: Tick(2)), finds: [1])
  }

  @Test("D2: a block with an invalid proof is blamed on its sender, and another peer is asked")
  func blames() throws {
    var fetch = fetch([1])
    expect(fetch.next(peers([1, 2]), now: Tick(0)), asks: (1, 1))
    expect(fetch.receive(bytes, of: Height(1), from: PeerID(1), now: Tick(1), verify: refuse), isBlamed: true)
    expect(fetch.next(peers([1, 2]), now: Tick(1)), asks: (2, 1))
    expect(fetch.receive([1, 2, 3], of: Height(1), from: PeerID(2), now: Tick(2), verify: accept), isBlamed: true)
    expect(fetch.next(peers([1, 2]), now: Tick(2)), asks: (1, 1))
  }

  @Test("D2: a height is given up when every peer has denied it, and not before")
  func denied() {
    var fetch = fetch([7])
    for turn: UInt16 in [1, 3, 2] {
      expect(fetch.next(peers([1, 2, 3]), now: Tick(0)), asks: (turn, 7))
      expectOpen(fetch.next(peers([1, 2, 3]), now: Tick(0)))
      _ = fetch.receive([], of: Height(7), from: PeerID(turn), now: Tick(0), verify: accept)
    }
    expect(fetch.next(peers([1, 2, 3]), now: Tick(0)), finds: [])
  }

  @Test("D2: silent peers are not awaited once f + 1 others have denied, and one denial is not enough")
  func silent() {
    for denials in 1...2 {
      var fetch = fetch([7])
      var now = Tick(0)
      var denied = 0
      var isOver = false
      for _ in 0..<200 {
        switch fetch.next(peers([1, 2, 3]), now: now) {
        case .ask(let peer, _):
          guard denied < denials, peer != PeerID(3) else { continue }
          denied += 1
          _ = fetch.receive([], of: Height(7), from: peer, now: now, verify: accept)
        case .wait(let tick): now = tick
        case .report: break
        case .done: isOver = true
        }
        if isOver { break }
      }
      #expect(isOver == (denials == 2))
      if isOver { #expect(now.rawValue > 20 * second) }
    }
  }

  @Test("Without peers to ask it waits, and continues when one connects")
  func alone() {
    var fetch = fetch([1])
    guard case .wait(let tick) = fetch.next([], now: Tick(0)) else { return #expect(Bool(false), "it does not wait") }
    expect(fetch.next(peers([2]), now: tick), asks: (2, 1))
  }
}
