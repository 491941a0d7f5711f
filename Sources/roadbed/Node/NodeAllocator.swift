import Foundation

/// Limits how much freed memory a node's process retains.
enum NodeAllocator {
  /// The number of heaps that the threads share. By default, the C library gives each of a dozen threads its own heap,
  /// and each heap retains the memory freed in it.
  private static let heaps: Int32 = 4
  /// Buffers of at least this many bytes come from the system and return to it as soon as they are freed. By default,
  /// once a buffer of a few megabytes has been freed, later ones are allocated in a heap, which then seldom shrinks.
  private static let largeBytes: Int32 = 1 << 20

  /// Call this before any threads start. It affects only glibc; elsewhere the defaults apply.
  static func prepare() {
    #if canImport(Glibc)
      // Swift's module for the C library omits <malloc.h>, so the numbers of M_ARENA_MAX and M_MMAP_THRESHOLD are given
      // here.
      typealias Option = @convention(c) (Int32, Int32) -> Int32
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let option = unsafeBitCast(symbol, to: Option.self)
      _ = option(-8, heaps)
      _ = option(-3, largeBytes)
    #endif
  }
}
