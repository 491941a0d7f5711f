import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Node

@Testing.Suite("Transactions that wait to be tried")
struct PreviewQueueTests {
  private func draft(_ harness: ReplicaHarness) throws -> TransactionDraft {
    TransactionDraft(try harness.transaction(), chain: harness.population.chain)
  }

  @Test("H10: one is tried at a time, and then the thread has seven times as long for its own work before the next")
  func share() async throws {
    let harness = try ReplicaHarness()
    let draft = try draft(harness)
    let queue = PreviewQueue()
    let made = Recorder<TransactionPreview>()
    let wakes = Recorder<Int>()
    /// Each look at the clock takes ten microseconds.
    func serve(at start: UInt64) {
      var now = start
      harness.withHost { host in
        queue.serve(&host) {
          defer { now += 10 }
          return Tick(now)
        }
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<3 {
        group.addTask { if let view = try? await queue.preview(draft, { wakes.add([number]) }) { made.add([view]) } }
      }
      while queue.count < 3 || wakes.values.count < 3 { await Task.yield() }
      serve(at: 100)
      #expect(queue.count == 2)
      #expect(queue.nextDeadline == Tick(180))
      serve(at: 179)
      #expect(queue.count == 2)
      serve(at: 180)
      #expect(queue.count == 1)
      serve(at: 1000)
      #expect(queue.count == 0 && queue.nextDeadline == nil)
      await group.waitForAll()
    }
    let tip = harness.genesisPoint
    #expect(made.values.count == 3)
    #expect(made.values.allSatisfy { $0.point == tip && $0.outcome.code == .assetUnknown })
  }

  @Test("H10: no more wait than the limit, which is an answer with a code, and none waits once the loop has ended")
  func bounded() async throws {
    let draft = try draft(ReplicaHarness())
    let queue = PreviewQueue()
    let refusals = Recorder<String>()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<PreviewQueue.limit + 2 {
        group.addTask {
          do {
            _ = try await queue.preview(draft) {}
          } catch {
            refusals.add([(error as? any ExplainedError)?.code ?? "\(error)"])
          }
        }
      }
      while refusals.values.count < 2 { await Task.yield() }
      #expect(refusals.values == ["node.busy", "node.busy"])
      #expect(queue.count == PreviewQueue.limit)
      queue.close()
      await group.waitForAll()
    }
    #expect(refusals.values.dropFirst(2) == Array(repeating: "node.stopping", count: PreviewQueue.limit)[...])
    await #expect(throws: NodeStopping.self) { try await queue.preview(draft) {} }
  }
}
