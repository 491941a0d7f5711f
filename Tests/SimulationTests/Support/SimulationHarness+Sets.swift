import Ledger
import NodeCore
import Primitives
import Replica

@testable import Simulation

// Changes of the validators, one at a time.
extension SimulationHarness {
  /// A cluster whose nodes have next keys, and whose validators change only when the test says so.
  static func changing(validators: Int, spares: Int, seed: UInt64 = 1, puppets: Int = 0) -> SimulationHarness {
    SimulationHarness(validators: validators, seed: seed, puppets: puppets) {
      $0.spares = spares
      $0.setPause = 1...1
    }
  }

  var epoch: UInt64 { cluster.chain.epoch.rawValue }
  var seats: [Int] { cluster.newestSet.seats }

  /// Submits an operation of the administrators, or several, to the first validator that runs.
  func administer(_ operations: [Operation]) {
    guard let node = cluster.nodes.first(where: { $0.run != nil && seats.contains($0.seat) }) else { return }
    let request = cluster.workload.change(
      operations, by: [Population.administrator], at: cluster.clientTime, cluster.chain.model)
    cluster.submit(request, to: node)
  }

  /// Has spare nodes listed in the directory, and linked. Returns false if that takes too long.
  func list(_ seats: Range<Int>) -> Bool {
    administer(seats.map { cluster.listing($0) })
    return run(atMost: 20 * delta) { seats.allSatisfy { cluster.isListed($0) } && isLevel }
  }

  /// Whether all running nodes of the directory have the whole chain, and a next key.
  var isLevel: Bool {
    honest.allSatisfy { node in
      guard let run = node.run, cluster.isListed(node.seat) else { return true }
      return run.index.height == cluster.chain.height && node.keys.next != nil
    }
  }

  /// Changes the validators in one transaction, waits until the new set has made a block final, and all follow. Returns false
  /// if that takes too long.
  func change(adding new: [Int] = [], removing old: [Int] = [], rekeying changed: [Int] = []) -> Bool {
    let configuration = cluster.chain.model.configurationDigest
    let added = new.compactMap { cluster.offer($0) }.map { Operation.validatorAdd($0, configuration: configuration) }
    let updated = changed.compactMap { cluster.offer($0) }
      .map { Operation.validatorUpdate($0, configuration: configuration) }
    let removed = old.map {
      Operation.validatorRemove(name: Population.nodeName($0), configuration: configuration)
    }
    guard added.count == new.count, updated.count == changed.count else { return false }
    let next = epoch + 1
    administer(added + updated + removed)
    guard run(atMost: 40 * delta, until: { epoch == next }) else { return false }
    return run(atMost: 100 * delta) { isOpen(next) && isLevel }
  }

  /// Whether every running validator of the epoch has a block of it final above the one that opened it.
  func isOpen(_ epoch: UInt64) -> Bool {
    cluster.nodes.allSatisfy { node in
      guard let run = node.run, node.isHonest, seats.contains(node.seat) else { return true }
      return run.replica.status.epoch.rawValue == epoch && run.replica.status.finalizedView > .genesis
    }
  }
}
