internal import DequeModule

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A bounded queue between threads: many put, one takes everything at once and may wait until a deadline.
///
/// A full mailbox refuses; whoever puts decides whether to push back or to drop. `force` is for answers and
/// completions, whose number is bounded by the requests they answer.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
  // Guarded by `mutex`, which only this class touches.
  private var elements: Deque<Element> = []
  private var isClosed = false
  private let limit: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(limit: Int) {
    self.limit = limit
    pthread_mutex_init(mutex, nil)
    #if os(Linux)
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #else
      pthread_cond_init(condition, nil)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Puts one element; false if the mailbox is full or closed.
  func offer(_ element: Element) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed, elements.count < limit else { return false }
    put(element)
    return true
  }

  /// Puts one element whatever the limit; false, and nothing happens, once the mailbox is closed.
  /// `ahead` of all that waits, if it is urgent.
  @discardableResult
  func force(_ element: Element, ahead: Bool = false) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isClosed else { return false }
    if ahead {
      elements.prepend(element)
      pthread_cond_signal(condition)
    } else {
      put(element)
    }
    return true
  }

  private func put(_ element: Element) {
    elements.append(element)
    pthread_cond_signal(condition)
  }

  /// Whether it is at least half empty again: a sender that was refused may go on.
  var hasRoom: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return elements.count <= limit / 2
  }

  /// Ends the taker's next wait; what was put before is still taken.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for elements and swaps them into `batch`, which is emptied first. Waits at most `microseconds`
  /// (nil: without end). False once the mailbox is closed and empty.
  func take(into batch: inout Deque<Element>, waitingAtMost microseconds: UInt64?) -> Bool {
    batch.removeAll(keepingCapacity: true)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if elements.isEmpty, !isClosed {
      if let microseconds {
        wait(microseconds)
      } else {
        while elements.isEmpty, !isClosed { pthread_cond_wait(condition, mutex) }
      }
    }
    swap(&batch, &elements)
    return !(isClosed && batch.isEmpty)
  }

  /// Waits for one element, for mailboxes with several takers. Nil once the mailbox is closed and empty.
  func takeOne() -> Element? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while elements.isEmpty, !isClosed { pthread_cond_wait(condition, mutex) }
    return elements.popFirst()
  }

  private func wait(_ microseconds: UInt64) {
    guard microseconds > 0 else { return }
    let bounded = min(microseconds, 3_600_000_000)
    #if os(Linux)
      var deadline = timespec()
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      deadline.tv_sec += Int(bounded / 1_000_000)
      deadline.tv_nsec += Int(bounded % 1_000_000) * 1000
      if deadline.tv_nsec >= 1_000_000_000 {
        deadline.tv_sec += 1
        deadline.tv_nsec -= 1_000_000_000
      }
      pthread_cond_timedwait(condition, mutex, &deadline)
    #else
      var interval = timespec(tv_sec: Int(bounded / 1_000_000), tv_nsec: Int(bounded % 1_000_000) * 1000)
      pthread_cond_timedwait_relative_np(condition, mutex, &interval)
    #endif
  }
}
