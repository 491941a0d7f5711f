import Foundation
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Node

@Testing.Suite("Reading from the ledger")
struct LedgerReaderTests {
  private func view(_ state: borrowing LedgerState) -> Handover<LedgerView> { Handover(LedgerView(of: state)) }

  @Test("H10: reads run on a thread of their own, and a block that was announced before a question is in the answer")
  func order() async throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(4)
    var state = LedgerState(genesis: harness.population.genesis)
    let reader = LedgerReader()
    let thread = reader.start(view(state))
    let name = try await reader.read { _ in Thread.current.name }
    #expect(name == "ledger-view")
    // Blocks that arrive while a long read runs are there before the questions that came earlier.
    let (isReading, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    async let long = reader.read { view in
      isReading.signal()
      mayEnd.wait()
      return view.point.height.rawValue
    }
    await Task.detached { isReading.wait() }.value
    async let early = reader.read { $0.point.height.rawValue }
    while reader.waiting < 1 { await Task.yield() }
    for block in blocks {
      _ = try state.execute(block)
      reader.follow([state.rowChanges(ofUnsettled: 0)])
      state.settle(upTo: state.tip.height)
    }
    async let late = reader.read { $0.point.height.rawValue }
    mayEnd.signal()
    let (began, asked, answered) = try await (long, early, late)
    #expect(began == 0)
    #expect(asked == 4)
    #expect(answered == 4)
    thread.stop()
  }

  @Test(
    "H10: no more questions wait than the limit, which is an answer with a code, and none waits once the node stops")
  func bounded() async throws {
    let state = LedgerState(genesis: try ReplicaHarness().population.genesis)
    let reader = LedgerReader()
    let answered = Recorder<UInt64>()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<LedgerReader.questionLimit {
        group.addTask {
          if let height = try? await reader.read({ $0.point.height.rawValue }) { answered.add([height]) }
        }
      }
      // The thread does not run yet, so all of them wait.
      while reader.waiting < LedgerReader.questionLimit { await Task.yield() }
      let busy = await #expect(throws: NodeBusy.self) { try await reader.read { _ in 0 } }
      #expect(busy?.code == "node.busy")
      let thread = reader.start(view(state))
      await group.waitForAll()
      thread.stop()
    }
    #expect(answered.values.count == LedgerReader.questionLimit)
    await #expect(throws: NodeStopping.self) { try await reader.read { _ in 0 } }
  }

  @Test("A later state replaces the view, and changes of the chain before it do not count")
  func replaced() async throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(3)
    var state = LedgerState(genesis: harness.population.genesis)
    let reader = LedgerReader()
    let thread = reader.start(view(state))
    var changes: [RowChanges] = []
    for block in blocks {
      _ = try state.execute(block)
      changes.append(state.rowChanges(ofUnsettled: 0))
      state.settle(upTo: state.tip.height)
    }
    reader.show(view(state))
    reader.follow(changes)
    #expect(try await reader.read { $0.point.height.rawValue } == 3)
    thread.stop()
  }
}
