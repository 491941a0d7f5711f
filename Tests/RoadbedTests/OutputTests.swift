import Foundation
import Testing

/// Where commands write: they never replace anything but regular files, and always report lost output.
@Testing.Suite struct OutputTests {
  private let genesis = "\(Roadbed.root)/Config/genesis.json"

  /// Runs a command in a shell, since redirections need one. `$R` is the program.
  private func shell(_ command: String, in folder: Folder) throws -> Roadbed.Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ["R": Roadbed.binary, "G": genesis, "PATH": "/usr/bin:/bin"]
    let output = try folder.file("shell-output")
    let error = try folder.file("shell-error")
    process.standardOutput = output
    process.standardError = error
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Roadbed.Run(
      status: process.terminationStatus, output: folder.text("shell-output"), error: folder.text("shell-error"))
  }

  private func kind(_ path: String) throws -> FileAttributeType? {
    try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
  }

  /// Creates a file of operations and a key to sign it.
  private func signing(_ folder: Folder) async throws {
    try await Roadbed.succeed("keys", "new", "a", "--directory", folder.path)
    try folder.write("[{\"kind\": \"account.open\", \"account\": \"a/b\"}]", to: "o.json")
  }

  @Test(
    "Output that a full device does not take is an error with status 1, from every kind of command",
    arguments: [
      "$R --help", "$R help tx", "$R --version", "$R genesis show $G", "$R genesis show $G --json",
      "$R genesis check $G",
      "$R keys new x --json", "$R simulate --seed 1 --views 20", "$R tx sign o.json --genesis $G --key a.pem",
      "$R tx sign o.json --genesis $G --key a.pem -o -",
    ])
  func fullDevice(command: String) async throws {
    try await Folder.with { folder in
      try await signing(folder)
      let run = try shell(command + " > /dev/full", in: folder)
      #expect(run.status == 1)
      #expect(run.error.contains("output.lost") && run.error.contains("No space left on device"), "\(run.error)")
    }
  }

  @Test("A command that fails keeps its exit status and its error even if its output is lost")
  func failureAndLoss() async throws {
    try await Folder.with { folder in
      let run = try shell("$R genesis check $G --digest \(String(repeating: "0", count: 64)) > /dev/full", in: folder)
      #expect(run.status == 1)
      #expect(run.errorCode == "genesis.other-digest")
      #expect(try shell("$R nonsense > /dev/full", in: folder).status == 2)
    }
  }

  @Test("A reader that has gone causes no error text, and the exit status that shells use")
  func closedPipe() async throws {
    try await Folder.with { folder in
      // The program starts to write after the reader has gone.
      let run = try shell("set -o pipefail; { sleep 1; $R genesis show $G; } | true; exit $?", in: folder)
      #expect(run.status == 141)
      #expect(run.error.isEmpty, "\(run.error)")
    }
  }

  @Test("Closed standard streams lose output with an error, and no file of the command gets their number")
  func closedStreams() async throws {
    try await Folder.with { folder in
      let run = try shell("$R genesis show $G >&-", in: folder)
      #expect(run.status == 1 && run.errorCode == "output.lost", "\(run.error)")
      try await signing(folder)
      let sign = "$R tx sign o.json --genesis $G --key a.pem --nonce 1"
      #expect(try shell("\(sign) -o out.json >&- 2>&-", in: folder).status == 1)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("out.json")))
      _ = try JSONSerialization.jsonObject(with: bytes)
      #expect(try shell("$R genesis check - <&-", in: folder).status == 1)
    }
  }

  @Test("-o and similar options write to devices and pipes without replacing them")
  func devices() async throws {
    try await Folder.with { folder in
      try await signing(folder)
      let sign = "$R tx sign o.json --genesis $G --key a.pem"
      // Not the machine's own devices: a program that replaced them would break them for everybody.
      if try shell("mknod null c 1 3 && mknod full c 1 7 && echo > null", in: folder).status == 0 {
        #expect(try shell("\(sign) -o null", in: folder).status == 0)
        #expect(try kind(folder.path("null")) == .typeCharacterSpecial)
        let full = try shell("\(sign) -o full", in: folder)
        #expect(full.status == 1 && full.errorCode == "file.unwritable", "\(full.error)")
        #expect(full.error.contains("No space left on device"))
        #expect(try kind(folder.path("full")) == .typeCharacterSpecial)
      }
      let socket = try folder.socket("socket")
      let refused = try shell("\(sign) -o socket", in: folder)
      #expect(refused.status == 1 && refused.errorCode == "file.unwritable", "\(refused.error)")
      #expect(try kind(socket) == .typeSocket)
      let pipe = try shell("mkfifo p && { cat p > read.json & } && \(sign) -o p && wait && test -p p", in: folder)
      #expect(pipe.status == 0, "\(pipe.error)")
      #expect(folder.text("read.json").contains("roadbed-transaction/1"))
      #expect(try shell("\(sign) -o .", in: folder).errorCode == "file.unwritable")
    }
  }

  @Test("A path of one character is a path like any other, whether it exists or not")
  func shortPaths() async throws {
    try await Folder.with { folder in
      try await signing(folder)
      for path in ["g", "é", "n/", "a/b"] {
        let run = try shell("$R genesis new $G -o \(path)", in: folder)
        #expect(run.status == (path.contains("/") ? 1 : 0), "\(path): \(run.error)")
        #expect(!run.error.contains("crashed"), "\(path): \(run.error)")
      }
      #expect(try shell("$R genesis check g", in: folder).status == 0)
      let missing = try shell("$R cluster status --dir c", in: folder)
      #expect(missing.status == 1 && missing.errorCode == "cluster.none", "\(missing.error)")
      #expect(try shell("$R tx sign o.json --genesis $G --key a.pem -o s && test -f s", in: folder).status == 0)
    }
  }

  @Test("A link stays a link: its target is replaced or created, and keeps its mode")
  func links() async throws {
    try await Folder.with { folder in
      try await signing(folder)
      let sign = "$R tx sign o.json --genesis $G --key a.pem"
      let run = try shell(
        """
        mkdir sub && echo old > sub/target && chmod 640 sub/target && ln -s sub/target link && ln -s ../fresh sub/chain
        ln -s sub/chain new && \(sign) -o link && \(sign) -o new && ls -A sub
        """, in: folder)
      #expect(run.status == 0, "\(run.error)")
      for name in ["link", "new", "sub/chain"] { #expect(try kind(folder.path(name)) == .typeSymbolicLink) }
      for name in ["sub/target", "fresh"] {
        #expect(try kind(folder.path(name)) == .typeRegular)
        #expect(folder.text(name).contains("roadbed-transaction/1"))
      }
      let mode = try FileManager.default.attributesOfItem(atPath: folder.path("sub/target"))[.posixPermissions] as? Int
      #expect(mode == 0o640)
      // No temporary file is left behind.
      #expect(!run.output.contains(".roadbed-"))
    }
  }

  @Test("- is standard output, and nothing else goes there, for every command that writes a file")
  func dash() async throws {
    try await Folder.with { folder in
      try await signing(folder)
      let sign = "$R tx sign o.json --genesis $G --key a.pem --nonce 1"
      let commands = [
        "\(sign) -o -", "\(sign) -o - --json", "\(sign) -o /proc/self/fd/1", "$R genesis new $G -o -",
        "$R genesis new $G -o /proc/self/fd/1", "$R genesis new - -o - --json < $G",
      ]
      for command in commands {
        let run = try shell("\(command) | cat", in: folder)
        #expect(run.status == 0 && run.error.isEmpty, "\(run.error)")
        _ = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      }
      // If the output is redirected to a file, the file that the shell opened is written, not replaced.
      #expect(try shell("\(sign) -o /proc/self/fd/1 > f && test -s f", in: folder).status == 0)
      #expect(!FileManager.default.fileExists(atPath: folder.path("-")))
    }
  }
}
