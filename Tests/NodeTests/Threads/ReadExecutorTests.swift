import Foundation
import Synchronization
import Testing

@testable import Node

@Testing.Suite("Threads for reading")
struct ReadExecutorTests {
  @Test("H10: work on a read, also after it waited, runs on threads with less weight than the one that votes")
  func background() async throws {
    let executor = ReadExecutor(threads: 2)
    let names = await withTaskExecutorPreference(executor) {
      var names: [String] = []
      for _ in 0..<3 {
        names.append(Self.current)
        await Task.yield()
      }
      return names
    }
    #expect(names.allSatisfy { $0.hasPrefix("reader-") && $0.hasSuffix(Self.weight) }, "\(names)")
    executor.stop()
  }

  #if os(Linux)
    private static var weight: String { " \(WorkerThread.niceness)" }
    private static var current: String { "\(Thread.current.name ?? "") \(WorkerThreadTests.niceness)" }
  #else
    private static var weight: String { "" }
    private static var current: String { Thread.current.name ?? "" }
  #endif
}
