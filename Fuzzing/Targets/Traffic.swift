package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica
internal import Simulation

/// What the nodes of a simulated cluster sent and wrote: the source of honest inputs.
package struct Traffic: Sendable {
  /// The validator whose inputs are recorded in order.
  package static let own = ValidatorIndex(3)

  package var genesis: Genesis
  /// Every distinct frame that arrived at any node, in order.
  package var frames: [[UInt8]] = []
  /// The inputs of `own` during its only run, with the readings of its clocks. Answers of its shell are omitted.
  package var script: [(input: ReplicaInput, now: Now)] = []
  /// The valid signatures.
  package var genuine: Set<VerificationItem> = []
  /// The records of a node's log at the end of the run.
  package var records: [LogRecord] = []

  package var chain: ChainContext { genesis.chain }

  /// Records a short run of four validators with faults. The seed is fixed, so the run is always the same.
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

  /// The owner of the recorded log.
  var logOwner: LogOwner {
    LogOwner(chain: chain.genesis, writer: genesis.validators[Int(Traffic.own.rawValue)].voteKey)
  }

  /// The decoded messages of all frames that `pick` accepts.
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
      case .input(let node, let run, let input, let now):
        if case .frame(_, let bytes) = input, known.insert(bytes).inserted { traffic?.frames.append(bytes) }
        guard node == Int(Traffic.own.rawValue), run == 1 else { return }
        switch input {
        case .waste, .verified, .signed, .durable, .logFailed, .resumeSnapshot, .snapshotFailed, .keyReported,
          .repaired:
          break
        case .frame, .submit, .connected, .disconnected, .newKey, .droppedKey, .signerAway, .signerBack, .tick:
          traffic?.script.append((input, now))
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
