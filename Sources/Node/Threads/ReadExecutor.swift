internal import Synchronization

/// Threads in the background on which requests for reading are worked on, so that rendering long answers and decoding
/// blocks leaves the processors to whatever a view waits for.
package final class ReadExecutor: TaskExecutor {
  private let jobs = Mailbox<UnownedJob>(limit: .max)
  private let threads = Mutex<[WorkerThread]>([])

  package init(threads count: Int) {
    let started = (0..<count).map { number in
      WorkerThread("reader-\(number)", inBackground: true, end: { [jobs] in jobs.close() }) { [self] in
        while let job = jobs.takeOne() { job.runSynchronously(on: asUnownedTaskExecutor()) }
      }
    }
    threads.withLock { $0 = started }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // Nothing is enqueued after `stop` unless a task outlives the server; it ends where it is.
    if !jobs.force(job) { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// Ends the threads once what was enqueued is done. To be called after the last task, not from one of the threads.
  package func stop() {
    for thread in threads.withLock({ $0 }) { thread.stop() }
  }
}
