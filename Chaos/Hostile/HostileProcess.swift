import Foundation
import Primitives

/// A process of the hostile validator: this program once more, at the place of the node whose keys it has.
actor HostileProcess {
  private let process = Process()
  private let orders = Pipe()
  private let figuresFile: String

  /// Starts the process that plays everything but `drip`. The node must not be running.
  init(_ node: ChaosNode, of cluster: ChaosCluster, seed: UInt64) throws {
    figuresFile = HostileProcess.figuresFile(cluster)
    let configuration = HostileConfiguration(
      number: node.number, directory: node.directory, genesis: "\(cluster.files.directory)/genesis.json",
      addresses: cluster.nodes.map(\.place.peers), seed: seed, figures: figuresFile)
    try HostileProcess.start(process, orders, "--hostile-peer", configuration, at: node)
  }

  /// Starts the relay through which others dial the node, which then listens at its inner address.
  init(relayFor node: ChaosNode, of cluster: ChaosCluster) throws {
    figuresFile = HostileProcess.figuresFile(cluster)
    let configuration = SlowRelay.Configuration(
      listen: node.place.peers, target: node.place.behindRelay.peers, figures: figuresFile)
    try HostileProcess.start(process, orders, "--hostile-relay", configuration, at: node)
  }

  private static func figuresFile(_ cluster: ChaosCluster) -> String {
    "\(cluster.files.directory)/hostile-figures.json"
  }

  private static func start(
    _ process: Process, _ orders: Pipe, _ option: String, _ configuration: some Encodable, at node: ChaosNode
  ) throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let told = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = node.place.entry + [own, option, told]
    process.environment = Shell.cleanEnvironment
    process.standardInput = orders
    try process.run()
  }

  /// Begins a play, or with nil pauses; the links stay open.
  func play(_ play: HostilePlay?) throws {
    guard process.isRunning else { throw ChaosError.setUp("the process of the hostile validator has ended") }
    try orders.fileHandleForWriting.write(contentsOf: Data("\(play?.rawValue ?? "pause")\n".utf8))
  }

  /// What it has done so far.
  var figures: HostileFigures {
    guard let data = FileManager.default.contents(atPath: figuresFile) else { return HostileFigures() }
    return (try? JSONDecoder().decode(HostileFigures.self, from: data)) ?? HostileFigures()
  }

  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // What the next process does counts from zero.
    try? FileManager.default.removeItem(atPath: figuresFile)
  }
}
