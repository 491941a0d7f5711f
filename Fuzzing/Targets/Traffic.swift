package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica
internal import Simulation

/// What the nodes of a simulated cluster said and wrote: where honest inputs come from.
package struct Traffic: Sendable {
  /// The validator whose inputs are kept in order.
  package static let own = ValidatorIndex(3)

  package var genesis: Genesis
  /// Every different frame that arrived anywhere, in order.
  package var frames: [[UInt8]] = []
  /// What happened to `own` in its one life, with what its clocks said; answers of its shell are left out.
  package var script: [(input: ReplicaInput, now: Now)] = []
  /// Signatures that hold.
  package var genuine: Set<VerificationItem> = []
  /// The log of a node at the end.
  package var records: [LogRecord] = []

  package var chain: ChainContext { genesis.chain }

  /// A short run of four validators with trouble on the way. Seeded: always the same.
  package static func recorded() -> Traffic {
    var options = SwarmOptions()
    options.clientPause = 5000...40_000
    options.faultPause = 50_000...250_000
    options.faults = [.pause, .partition, .oneWayCut, .clog, .clockJump]
    options.chaosHeights = 24
    options.chaosTicks = 6_000_000
    let collector = Collector()
    var simulation = Simulation(seed: 0xF022, options: options)
    simulation.watch = { collector.see($0) }
    let report = simulation.run()
    guard report.isSound, let traffic = collector.traffic else {
      preconditionFailure("the simulation gives no traffic: \(report.text)")
    }
    return traffic
  }

  /// Whose log the recorded one is.
  var logOwner: LogOwner {
    LogOwner(chain: chain.genesis, writer: genesis.validators[Int(Traffic.own.rawValue)].voteKey)
  }

  /// Frames of one kind as messages.
  func messages<Value>(_ pick: (PeerMessage) -> Value?) -> [Value] {
    frames.compactMap { frame in (try? PeerMessage(frame)).flatMap(pick) }
  }

  func payloads(_ kind: LogEntryKind) -> [[UInt8]] { records.filter { $0.kind == kind.rawValue }.map(\.payload) }

  private final class Collector {
    var traffic: Traffic?
    private var known: Set<[UInt8]> = []

    func see(_ observation: Observation) {
      switch observation {
      case .created(let genesis): traffic = Traffic(genesis: genesis)
      case .genuine(let item): traffic?.genuine.insert(item)
      case .disk(let node, let disk): if node == 0 { takeLog(disk) }
      case .input(let node, let life, let input, let now):
        if case .frame(_, let bytes) = input, known.insert(bytes).inserted { traffic?.frames.append(bytes) }
        guard node == Int(Traffic.own.rawValue), life == 1 else { return }
        switch input {
        case .verified, .durable, .logFailed, .resumeSnapshot, .snapshotFailed: break
        case .frame, .submit, .connected, .disconnected, .tick: traffic?.script.append((input, now))
        }
      }
    }

    private func takeLog(_ disk: MemoryDisk) {
      guard let chain = traffic?.chain.genesis,
        var cursor = try? LogReader(disk, owner: .anyone(of: chain)).inspect().records
      else { return }
      while let record = try? cursor.next() { traffic?.records.append(record) }
    }
  }
}
