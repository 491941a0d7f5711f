internal import Cryptography
internal import Primitives

/// A transport key that exists only for these tests, with a self-signed certificate.
struct TestIdentity {
  let certificatePEM: [UInt8]
  let privateKeyPEM: [UInt8]
  let pin: Digest

  private init(certificate: String, key: String, pin: String) {
    certificatePEM = Array(certificate.utf8)
    privateKeyPEM = Array(key.utf8)
    self.pin = Digest(hex: pin) ?? .zero
  }

  static func pin(ofSubjectPublicKeyInfo bytes: [UInt8]) -> Digest {
    var hash = HashFunction(.p256SHA256)
    return hash.hash(bytes.span.bytes)
  }

  /// Made with `openssl req -x509`; the pins with `openssl pkey -pubin -outform DER | sha256sum`. The third certificate
  /// has expired, which must not matter.
  static let all: [TestIdentity] = [
    TestIdentity(
      certificate: """
        -----BEGIN CERTIFICATE-----
        MIIBeDCCAR2gAwIBAgIUZVqlIP2IuN7ZHxlqH39uTHeGWSMwCgYIKoZIzj0EAwIw
        EDEOMAwGA1UEAwwFbm9kZTAwIBcNMjYxMTIzMTQyNTU5WhgPMjEyNjEwMzAxNDI1
        NTlaMBAxDjAMBgNVBAMMBW5vZGUwMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        PFPXW4dPRhvNbzIKrejwMQohUnBR8uc8oMVRBDLuDrP9htJsoT1Lvp4uKuh/W08i
        tcZ0LAg6rkiGM8QPNXlj0aNTMFEwHQYDVR0OBBYEFB8fXi75Kf76XcbAaWhJTRZQ
        3sgjMB8GA1UdIwQYMBaAFB8fXi75Kf76XcbAaWhJTRZQ3sgjMA8GA1UdEwEB/wQF
        MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANBY08F+JjI34/kS1KD8gaNE3iTILOE2
        R9x0OqKj7fFYAiEAps0nqICUMmJAkKFmMGaVEajcsNE/OKxddS/+uMhOXS4=
        -----END CERTIFICATE-----
        """,
      key: """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCa1Rnp/rG+1F8p6f
        KZG09drTNNM3f5l9K4cQ4Vm9OMGhRANCAAQ8U9dbh09GG81vMgqt6PAxCiFScFHy
        5zygxVEEMu4Os/2G0myhPUu+ni4q6H9bTyK1xnQsCDquSIYzxA81eWPR
        -----END PRIVATE KEY-----
        """,
      pin: "0c095ec405c69b2d0aff0d44e16ff3d4c219da42308562042849d1a9b8bbe623"),
    TestIdentity(
      certificate: """
        -----BEGIN CERTIFICATE-----
        MIIBdzCCARygAwIBAgITWWQkAX9ROdU8Y7iU+EqJ0tAPdTAKBggqhkjOPQQDAjAQ
        MQ4wDAYDVQQDDAVub2RlMTAgFw0yNjExMjMxNDI1NTlaGA8yMTI2MTAzMDE0MjU1
        OVowEDEOMAwGA1UEAwwFbm9kZTEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASN
        EJsGQJzisbcUV/7bUqtd/IYZLH3/Z18QiLQMqaAEQXsIaqQmNc612fzsqph5f0ZK
        tFf0/XP+HJGfd2TbMcRao1MwUTAdBgNVHQ4EFgQU/jQy/Qj81OM13TSD+lzgDqGp
        yYIwHwYDVR0jBBgwFoAU/jQy/Qj81OM13TSD+lzgDqGpyYIwDwYDVR0TAQH/BAUw
        AwEB/zAKBggqhkjOPQQDAgNJADBGAiEArOgbhIL7DyGt2TCMNW17eK5eE7QNDNw4
        Y8xozahk4vwCIQCiOpmqMbObOV4pZZ0t4m57BNHjRdTWDJM2CBzH7pSprg==
        -----END CERTIFICATE-----
        """,
      key: """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ/G45yNTyRWoF3Li
        vN31mlf0FJm9ivj5ATlanmQtw0ahRANCAASNEJsGQJzisbcUV/7bUqtd/IYZLH3/
        Z18QiLQMqaAEQXsIaqQmNc612fzsqph5f0ZKtFf0/XP+HJGfd2TbMcRa
        -----END PRIVATE KEY-----
        """,
      pin: "24c0f5aaa6251ae6317c80dd7e88b205e369904daeaf9530fb2b7fee59ef5887"),
    TestIdentity(
      certificate: """
        -----BEGIN CERTIFICATE-----
        MIIBHjCBxQIUQPVMeQ2pKnBhVwBuxukIjkKZsrIwCgYIKoZIzj0EAwIwEjEQMA4G
        A1UEAwwHZXhwaXJlZDAeFw0yNjExMjMxNDI1NTlaFw0yNjExMjMxNDI1NTlaMBIx
        EDAOBgNVBAMMB2V4cGlyZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATaIN0Y
        figwbHQ+tQqpCmU9OC7ssOxZRAsPsjF3A13f384gBWhCgIwiTHzWPyu0E8sbqnRT
        bsgvE1Ith1xqX4H3MAoGCCqGSM49BAMCA0gAMEUCIQCwS4nTCtx0g/iWY1uQgd+7
        hsAQUvst45b20NAqNzuYuwIgYfBisfteuC2AD0bzIDScf+NHWnPKjKKFQgb4583B
        vYI=
        -----END CERTIFICATE-----
        """,
      key: """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6IIpcUBXg90AL8so
        fvRgVQQ01BRei600q01T05DTd7+hRANCAATaIN0YfigwbHQ+tQqpCmU9OC7ssOxZ
        RAsPsjF3A13f384gBWhCgIwiTHzWPyu0E8sbqnRTbsgvE1Ith1xqX4H3
        -----END PRIVATE KEY-----
        """,
      pin: "ef1d518efd7fcd03441d8baf457cfd49c96f1465e0e5a28fce4c46e7067849fd"),
    TestIdentity(
      certificate: """
        -----BEGIN CERTIFICATE-----
        MIIBdzCCAR2gAwIBAgIUKIoXBpeMndYyKZddxjdDFlwQuB8wCgYIKoZIzj0EAwIw
        EDEOMAwGA1UEAwwFbm9kZTMwIBcNMjYxMTIzMTQyNTU5WhgPMjEyNjEwMzAxNDI1
        NTlaMBAxDjAMBgNVBAMMBW5vZGUzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        /+UBf+SMCB+Uy/ks9BYXrW7Onj/vlOO3B+QbDOPlLJczwP36DyjTaejQpLEqGHJr
        9u8Gqih0H0xjKgQkafWo9KNTMFEwHQYDVR0OBBYEFFo0ZBy2OnqFSEze74oZCf9j
        AbUVMB8GA1UdIwQYMBaAFFo0ZBy2OnqFSEze74oZCf9jAbUVMA8GA1UdEwEB/wQF
        MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAOfJGuhsDo1RMYsR1pg7PLRIwJQU5Ky8
        BB8cbXK8aAj1AiA4cSOxhA51DW+/xywMAEoXCzuNKC+dwwuwefFgStg8nw==
        -----END CERTIFICATE-----
        """,
      key: """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgn+9Xs+AepJmkZmbr
        E5m57pZeSAIT/z+2cH060ZOMLVmhRANCAAT/5QF/5IwIH5TL+Sz0Fhetbs6eP++U
        47cH5BsM4+UslzPA/foPKNNp6NCksSoYcmv27waqKHQfTGMqBCRp9aj0
        -----END PRIVATE KEY-----
        """,
      pin: "c76a7ea94e82c082a977b38245d2585b40d92c961cb0b2ac8071e364427cd76b"),
    TestIdentity(
      certificate: """
        -----BEGIN CERTIFICATE-----
        MIIBdzCCAR2gAwIBAgIUcjhrw4R0DX1cKfORzfh7KzKVvg4wCgYIKoZIzj0EAwIw
        EDEOMAwGA1UEAwwFbm9kZTQwIBcNMjYxMTIzMTQyNTU5WhgPMjEyNjEwMzAxNDI1
        NTlaMBAxDjAMBgNVBAMMBW5vZGU0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        LX8XsehSfc2z94iulE7zcA7BVFtK4E910uOrlRZX/Jsa5ASr2l1p7VHhmFapetc+
        ZAxvh4/Jo4vfmXegv27CmqNTMFEwHQYDVR0OBBYEFFVwVWcDRM1bAwdOiutTJWSe
        LvxLMB8GA1UdIwQYMBaAFFVwVWcDRM1bAwdOiutTJWSeLvxLMA8GA1UdEwEB/wQF
        MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAOPB7jHVv9+geK/paO8TML0nPx3PB65i
        SZCCzjwBbSloAiBQj2N79olkq/OyvQPXpgmVzzAsD7ac0gQj7mNZ6kdrhQ==
        -----END CERTIFICATE-----
        """,
      key: """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglcLM3Du24JyUh4yv
        jOvuGP81n6+fg5oLIQjOCa7fS+ShRANCAAQtfxex6FJ9zbP3iK6UTvNwDsFUW0rg
        T3XS46uVFlf8mxrkBKvaXWntUeGYVql61z5kDG+Hj8mji9+Zd6C/bsKa
        -----END PRIVATE KEY-----
        """,
      pin: "1e933199fb227cbb983c44e1ee79a829f82c5742bfd8533d5a53d0451f59dc77"),
  ]
}
