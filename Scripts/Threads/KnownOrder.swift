// Two threads that contend for a Mutex, which guards what they change. Scripts/check-threads runs it: a sanitizer that
// reports this would report everything.
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

final class Guarded: Sendable { let numbers = Mutex<[Int]>([]) }

let guarded = Guarded()

func count() -> pthread_t {
  var thread = pthread_t()
  let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    for number in 0..<200 {
      Unmanaged<Guarded>.fromOpaque(argument).takeUnretainedValue().numbers.withLock {
        $0.append(number)
        usleep(50)
      }
    }
    return nil
  }
  _ = pthread_create(&thread, nil, body, Unmanaged.passUnretained(guarded).toOpaque())
  return thread
}

let threads = [count(), count()]
for thread in threads { _ = pthread_join(thread, nil) }
print(guarded.numbers.withLock(\.count))
