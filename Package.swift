// swift-tools-version: 6.2
import PackageDescription

// Scripts/test sets this, so that a warning in our own code fails the build. Without it, users of a later compiler,
// which may warn about more, can still build.
let strict = Context.environment["ROADBED_STRICT"] == "1"

// Scripts/fuzz sets this, which reduces the package to what is fuzzed, so that nothing else is fetched or instrumented.
let isFuzzing = Context.environment["ROADBED_FUZZ"] == "1"

// Scripts/check-threads sets this, which leaves out what has no threads, because ThreadSanitizer needs a build of its own.
let isThreadCheck = Context.environment["ROADBED_THREADS"] == "1"

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    // Non-escapable readers over borrowed bytes (Primitives/Reader.swift).
    .enableExperimentalFeature("Lifetimes"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

// The modules in which the tests spend most of their time. Scripts/test optimises them also in its debug build, which keeps
// all assertions. A package with such flags cannot be a dependency, so other builds are without them.
let optimised: Set = ["Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog", "Replica", "Simulation"]
let optimisation: [SwiftSetting] =
  strict ? [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))] : []

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: dependencies,
    swiftSettings: settings + (optimised.contains(name) ? optimisation : []))
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

// The modules in dependency order: a module may import only modules above it in this list.
let modules: [Target] = [
  .systemLibrary(
    name: "COpenSSL", pkgConfig: "libcrypto",
    providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
  // Without pkgConfig, because that would link libp11-kit.
  .systemLibrary(name: "CPKCS11", providers: [.apt(["libp11-kit-dev"]), .brew(["p11-kit"])]),
  // In C, because it must be there before libcrypto allocates anything.
  .target(name: "CSecretMemory", dependencies: ["COpenSSL"]),
  module("Primitives", []),
  module("Cryptography", ["Primitives", "COpenSSL", "CSecretMemory"]),
  module("Tokens", ["CPKCS11", "Primitives", "Cryptography"]),
  module("Ledger", ["Primitives", "Cryptography"]),
  module("Consensus", ["Primitives"]),
  module("BlockLog", ["Primitives"]),
  module("Replica", ["Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog"]),
  module(
    "NodeCore",
    [
      "Primitives", "Cryptography", "Ledger", "BlockLog", "Replica",
      .product(name: "DequeModule", package: "swift-collections"),
    ]),
  module("Signers", ["Primitives", "Cryptography", "Tokens", "Ledger", "BlockLog", "Replica"]),
  module(
    "Simulation",
    [
      "Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog", "Replica", "NodeCore",
      .product(name: "DequeModule", package: "swift-collections"),
    ]),
  module(
    "PeerNetwork",
    [
      "Primitives",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
      .product(name: "NIOTLS", package: "swift-nio"),
    ]),
  module(
    "QueryIndex",
    [
      "Primitives", "Ledger",
      .product(name: "GRDB", package: "GRDB.swift"),
      .product(name: "GRDBSQLite", package: "GRDB.swift"),
    ]),
  module("LedgerJSON", ["Primitives", "Cryptography", "Ledger"]),
  module(
    "Node",
    [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "Consensus", "BlockLog", "Replica", "NodeCore", "Signers",
      "Tokens", "PeerNetwork",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "Configuration", package: "swift-configuration"),
      "QueryIndex",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "CoreMetrics", package: "swift-metrics"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "Yams", package: "Yams"),
    ]),
  module(
    "NodeAPI",
    [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "Replica", "NodeCore", "PeerNetwork", "Node",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HummingbirdCore", package: "hummingbird"),
      .product(name: "HTTPTypes", package: "swift-http-types"),
      "QueryIndex",
      .product(name: "CoreMetrics", package: "swift-metrics"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    ]),
  module(
    "LedgerClient",
    [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON",
      .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ]),
]

// The programs. Users need only `roadbed`; the others measure it (`swift run -c release core-bench`), and `chaos` tests
// it.
let programs: [Target] = [
  .executableTarget(
    name: "roadbed",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "LedgerClient", "BlockLog", "Consensus", "Replica",
      "NodeCore", "Signers", "Node", "NodeAPI", "Simulation", "Tokens",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Histogram", package: "hdrhistogram-swift"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Metrics", package: "swift-metrics"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ], swiftSettings: settings),
  .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
  .executableTarget(
    name: "core-bench",
    dependencies: [
      "AllocationCount", "Primitives", "Cryptography", "Ledger", "Consensus", "BlockLog", "Replica", "NodeCore",
      "PeerNetwork",
      "Node",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
    ], path: "Benchmarks/Core", swiftSettings: settings),
  .executableTarget(
    name: "big-chain",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "BlockLog", "Replica", "NodeCore",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], path: "Benchmarks/BigChain", swiftSettings: settings),
  .executableTarget(
    name: "index-bench",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "QueryIndex",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], path: "Benchmarks/Index", swiftSettings: settings),
  .executableTarget(
    name: "cluster-bench",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "LedgerClient",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], path: "Benchmarks/Cluster", swiftSettings: settings),
  .executableTarget(
    name: "scaling-bench",
    dependencies: [
      "Primitives", "Simulation",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ], path: "Benchmarks/Scaling", swiftSettings: settings),
  .executableTarget(
    name: "chaos",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "LedgerClient", "Consensus", "BlockLog", "Replica",
      "PeerNetwork",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
    ], path: "Chaos", swiftSettings: settings),
]

// Everything that reads untrusted bytes, in the form that libFuzzer needs (Documentation/fuzzing.md). `Scripts/fuzz`
// builds it with libFuzzer; without, the program writes and replays the corpus.
let fuzzing: [Target] = [
  .target(
    name: "FuzzTargets",
    dependencies: [
      "Primitives", "Cryptography", "Ledger", "LedgerJSON", "Consensus", "BlockLog", "Replica", "NodeCore", "Signers",
      "Simulation", "PeerNetwork", "TestHarness",
    ], path: "Fuzzing/Targets", swiftSettings: settings),
  .executableTarget(
    name: "fuzz", dependencies: ["FuzzTargets"], path: "Fuzzing/Program", swiftSettings: settings),
]

// When fuzzing, PeerNetwork consists only of the code that reads frames, which needs no NIO.
let frames = Target.target(
  name: "PeerNetwork", dependencies: ["Primitives"], path: "Sources/PeerNetwork",
  sources: [
    "Frames/FrameDecoder.swift", "Frames/FrameKind.swift", "Frames/FrameLimits.swift", "Frames/Hello.swift",
    "Links/LinkFault.swift", "PeerAddress.swift",
  ], swiftSettings: settings)

let fuzzed: Set = [
  "COpenSSL", "CSecretMemory", "Primitives", "Cryptography", "Ledger", "LedgerJSON", "Consensus", "BlockLog", "Replica",
  "NodeCore", "CPKCS11", "Tokens", "Signers", "Simulation", "TestHarness", "BlockLogTests", "FuzzingTests",
]

let checks: [Target] = [
  // Helpers that the tests of several modules share.
  .target(
    name: "TestHarness",
    dependencies: [
      "Simulation", "NodeCore", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography", "Primitives",
    ],
    path: "Tests/TestHarness", swiftSettings: settings),
  // Separate from TestHarness, because the fuzzing package is built without GRDB.
  .target(
    name: "IndexHarness",
    dependencies: ["TestHarness", "QueryIndex", "Ledger", "Cryptography", "Primitives"],
    path: "Tests/IndexHarness", swiftSettings: settings),
  // The code of the pages in LedgerClient.docc, which the tests of the client and those with real nodes run.
  .target(
    name: "ClientSnippets",
    dependencies: ["LedgerClient", "LedgerJSON", "Signers", "Ledger", "Tokens", "Cryptography", "Primitives"],
    path: "Tests/ClientSnippets", swiftSettings: settings),
  tests("PrimitivesTests", ["Primitives"]),
  tests("CryptographyTests", ["TestHarness", "Cryptography", "Primitives"]),
  tests(
    "TokensTests", ["TestHarness", "Signers", "BlockLog", "Replica", "Ledger", "Tokens", "Cryptography", "Primitives"],
    resources: [.copy("FaultyToken")]),
  tests(
    "LedgerTests", ["TestHarness", "Ledger", "Simulation", "Cryptography", "Primitives"],
    resources: [.copy("Vectors")]),
  tests("ConsensusTests", ["Consensus", "Primitives"]),
  tests("BlockLogTests", ["TestHarness", "BlockLog", "Primitives"]),
  tests(
    "ReplicaTests",
    [
      "TestHarness", "Simulation", "NodeCore", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography",
      "Primitives",
    ]),
  tests(
    "NodeCoreTests",
    [
      "TestHarness", "Simulation", "NodeCore", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography",
      "Primitives",
    ]),
  tests("SignersTests", ["TestHarness", "Signers", "Replica", "BlockLog", "Ledger", "Cryptography", "Primitives"]),
  tests(
    "SimulationTests",
    ["Simulation", "NodeCore", "Replica", "BlockLog", "Consensus", "Ledger", "Cryptography", "Primitives"]),
  tests(
    "PeerNetworkTests",
    [
      "PeerNetwork", "Cryptography", "Primitives",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOEmbedded", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
      .product(name: "NIOTLS", package: "swift-nio"),
    ]),
  tests("QueryIndexTests", ["TestHarness", "IndexHarness", "QueryIndex", "Ledger", "Primitives"]),
  tests(
    "LedgerJSONTests", ["TestHarness", "LedgerJSON", "Ledger", "Cryptography", "Primitives"],
    resources: [.copy("Golden")]),
  tests(
    "LedgerClientTests",
    ["TestHarness", "ClientSnippets", "LedgerClient", "LedgerJSON", "Ledger", "Cryptography", "Primitives"]),
  tests(
    "NodeTests",
    [
      "TestHarness", "IndexHarness", "Simulation", "Node", "NodeCore", "Signers", "Replica", "BlockLog", "QueryIndex",
      "Ledger",
      "LedgerJSON", "PeerNetwork",
      "Cryptography", "Primitives",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "Logging", package: "swift-log"),
    ]),
  tests(
    "NodeAPITests",
    [
      "NodeAPI", "Node", "Ledger", "Primitives",
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOEmbedded", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
    ]),
  tests(
    "ChaosTests",
    [
      "TestHarness", "Simulation", "chaos", "LedgerClient", "LedgerJSON", "Replica", "BlockLog", "Ledger",
      "Cryptography", "Primitives",
    ]),
  tests("FuzzingTests", ["FuzzTargets", "Primitives"]),
  // Depends on the programs whose commands and options documents name, so that they are built.
  tests(
    "DocumentationTests",
    [
      "Primitives", "Ledger", "BlockLog", "Replica", "Simulation", "Node", "FuzzTargets", "roadbed", "chaos",
      "big-chain", "index-bench", "cluster-bench", "scaling-bench",
    ]),
  tests(
    "RoadbedTests",
    [
      "ClientSnippets", "roadbed", "LedgerClient", "LedgerJSON", "Replica", "BlockLog", "Ledger", "Cryptography",
      "Primitives",
    ],
    resources: [.copy("Fixtures")]),
]

// The programs that ThreadSanitizer watches, and the tests of what has threads.
let threaded: Set = [
  "roadbed", "chaos", "TestHarness", "IndexHarness", "NodeTests", "NodeAPITests", "PeerNetworkTests", "QueryIndexTests",
]

// The only package that fuzzing needs too, for the simulation's queues.
let fuzzedDependencies: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
]

let dependencies: [Package.Dependency] = [
  .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
  .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
  .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
  .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
  .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
]

let package = Package(
  name: "roadbed",
  platforms: [.macOS(.v15)],
  products: isFuzzing
    ? [.executable(name: "fuzz", targets: ["fuzz"])]
    : [
      .executable(name: "roadbed", targets: ["roadbed"]),
      .library(name: "LedgerClient", targets: ["LedgerClient"]),
      // Where a client's keys can be, besides files.
      .library(name: "Tokens", targets: ["Tokens"]),
      .library(name: "Signers", targets: ["Signers"]),
    ],
  dependencies: fuzzedDependencies + (isFuzzing ? [] : dependencies),
  targets: isFuzzing
    ? (modules + checks).filter { fuzzed.contains($0.name) } + [frames] + fuzzing
    : isThreadCheck
      ? modules + (programs + checks).filter { threaded.contains($0.name) } : modules + programs + fuzzing + checks,
  swiftLanguageModes: [.v6]
)
