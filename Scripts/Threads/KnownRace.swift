// Two threads that change one number without a lock. Scripts/check-threads runs it first: a sanitizer that does not see this
// race would see no other.
#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

final class Shared: @unchecked Sendable { var number = 0 }

let shared = Shared()

func count() -> pthread_t {
  var thread = pthread_t()
  let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument else { return nil }
    for _ in 0..<10_000 { Unmanaged<Shared>.fromOpaque(argument).takeUnretainedValue().number += 1 }
    return nil
  }
  _ = pthread_create(&thread, nil, body, Unmanaged.passUnretained(shared).toOpaque())
  return thread
}

let threads = [count(), count()]
for thread in threads { _ = pthread_join(thread, nil) }
print(shared.number)
