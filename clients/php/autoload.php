<?php

declare(strict_types=1);

/*
 * For runs without Composer: this package, and what it needs from the folders of PHP's include_path (as Debian's packages
 * have it). With Composer, use vendor/autoload.php.
 */

spl_autoload_register(static function (string $class): void {
    $prefixes = [
        'Understudy\\Client\\Tests\\' => __DIR__ . '/tests/',
        'Understudy\\Client\\' => __DIR__ . '/src/',
    ];
    foreach ($prefixes as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . str_replace('\\', '/', substr($class, \strlen($prefix))) . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});

foreach (
    ['Psr/Log', 'Psr/Http/Message', 'Psr/Http/Client', 'Symfony/Component/HttpClient',
    'Symfony/Component/VarDumper', 'Nyholm/Psr7'] as $package
) {
    $file = stream_resolve_include_path($package . '/autoload.php');
    if ($file !== false) {
        require_once $file;
    }
}
