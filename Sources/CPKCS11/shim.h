#ifndef ROADBED_CPKCS11_SHIM_H
#define ROADBED_CPKCS11_SHIM_H

// Only the declarations of PKCS #11: the module of a token is opened at run time, so nothing is linked. This is why the
// package's pkg-config file, which names libp11-kit, is not used.
#if __has_include(<p11-kit-1/p11-kit/pkcs11.h>)
#include <p11-kit-1/p11-kit/pkcs11.h>
#elif __has_include(<p11-kit/pkcs11.h>)
#include <p11-kit/pkcs11.h>
#else
#error "pkcs11.h is missing: run Scripts/install-packages, or install libp11-kit-dev"
#endif

#endif
