import Foundation
import Synchronization
import Testing

@testable import Node

@Testing.Suite("Threads")
struct WorkerThreadTests {
  #if os(Linux)
    /// The niceness of the calling thread; a higher value means less weight.
    static var niceness: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test("A background thread has less weight than others, which keep theirs")
    func background() {
      let seen = Mutex<[Bool: Int32]>([:])
      for isBackground in [true, false] {
        let thread = WorkerThread("test", inBackground: isBackground) {
          seen.withLock { $0[isBackground] = Self.niceness }
        }
        thread.join()
      }
      #expect(seen.withLock { $0 } == [true: WorkerThread.niceness, false: Self.niceness])
    }

    @Test("A background thread returns values and errors of what it runs, with less weight than its caller")
    func asked() throws {
      struct Refused: Error {}
      let thread = BackgroundThread("test")
      #expect(thread.run { Self.niceness } == WorkerThread.niceness)
      #expect(throws: Refused.self) { try thread.run { () throws(Refused) -> Int in throw Refused() } }
      #expect(thread.run { Self.niceness } == WorkerThread.niceness)
      thread.stop()
    }
  #endif
}
