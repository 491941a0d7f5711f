internal import DequeModule

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A bounded queue between threads. Many threads put elements; one takes all of them in one go and may wait for them up
/// to a deadline, or several take one element each.
///
/// A full mailbox refuses elements, and the sender decides whether to apply back-pressure or to drop them. `force`
/// ignores the limit; it is for answers and completions, whose number is bounded by the requests they answer.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
  // Guarded by `mutex`, which only this class touches.
  private var elements: Deque<Element> = []
  /// The number of elements of each class. `elements` is sorted by class.
  private var counts: [Int]
  private var wasClosed = false
  private let limit: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Elements of a lower class are taken before those of a higher one, and elements of one class in the order of
  /// arrival.
  init(limit: Int, classes: Int = 1) {
    self.limit = limit
    counts = Array(repeating: 0, count: classes)
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

  /// Adds an element; false if the mailbox is full or closed.
  func offer(_ element: Element, class number: Int = 0) -> Bool { put(element, number, limit) }

  /// Adds an element regardless of the limit; false, without adding it, once the mailbox is closed.
  @discardableResult
  func force(_ element: Element, class number: Int = 0) -> Bool { put(element, number, .max) }

  private func put(_ element: Element, _ number: Int, _ limit: Int) -> Bool {
    pthread_mutex_lock(mutex)
    guard !wasClosed, elements.count < limit else {
      pthread_mutex_unlock(mutex)
      return false
    }
    counts[number] += 1
    let place = counts[...number].reduce(0, +) - 1
    if place == elements.count { elements.append(element) } else { elements.insert(element, at: place) }
    pthread_mutex_unlock(mutex)
    // Signalled after unlocking, because a thread woken under the lock would have to wait for it.
    pthread_cond_signal(condition)
    return true
  }

  var count: Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return elements.count
  }

  var isClosed: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return wasClosed
  }

  var isEmpty: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return elements.isEmpty
  }

  /// Closes the mailbox: takers no longer wait, and still receive the elements added before.
  func close() {
    pthread_mutex_lock(mutex)
    wasClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits for elements and swaps them into `batch`, which is emptied first. Waits at most `microseconds` (nil:
  /// indefinitely). False once the mailbox is closed and empty.
  func take(into batch: inout Deque<Element>, waitingAtMost microseconds: UInt64?) -> Bool {
    batch.removeAll(keepingCapacity: true)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if elements.isEmpty, !wasClosed {
      if let microseconds {
        wait(microseconds)
      } else {
        while elements.isEmpty, !wasClosed { pthread_cond_wait(condition, mutex) }
      }
    }
    swap(&batch, &elements)
    for number in counts.indices { counts[number] = 0 }
    return !(wasClosed && batch.isEmpty)
  }

  /// Waits for one element and takes it, for mailboxes with several takers. Nil once the mailbox is closed and empty.
  func takeOne() -> Element? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while elements.isEmpty, !wasClosed { pthread_cond_wait(condition, mutex) }
    return popFirst()
  }

  private func popFirst() -> Element? {
    guard let first = elements.popFirst() else { return nil }
    if let number = counts.firstIndex(where: { $0 > 0 }) { counts[number] -= 1 }
    return first
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
