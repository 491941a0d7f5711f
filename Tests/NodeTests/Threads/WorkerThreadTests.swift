import Foundation
import Synchronization
import Testing

@testable import Node

@Testing.Suite("Threads")
struct WorkerThreadTests {
  #if os(Linux)
    /// The niceness of the calling thread; a higher value means less weight.
    static var niceness: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test("What is done in the background has less weight than the others, and they keep theirs")
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

    @Test("A thread in the background gives what it was asked for, values and errors, with less weight than who asks")
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
