<?php

declare(strict_types=1);

// Laravel 8 on PHP 8.2 has deprecations of its own, from its first line on.
error_reporting(\E_ALL & ~\E_DEPRECATED);

// LARAVEL_ROOT: a tree of tests/components/php/install.sh. Without it: what Composer installed.
$tree = getenv('LARAVEL_ROOT');
require \is_string($tree) && $tree !== '' ? $tree . '/autoload.php' : \dirname(__DIR__) . '/vendor/autoload.php';

spl_autoload_register(static function (string $class): void {
    foreach (
        [
        'Understudy\\Laravel\\Tests\\' => __DIR__,
        'Understudy\\Laravel\\' => \dirname(__DIR__) . '/src',
        'Understudy\\SymfonyBundle\\Tests\\Faults\\' => \dirname(__DIR__, 2) . '/bundle/tests/Faults',
        'Understudy\\Client\\' => \dirname(__DIR__, 2) . '/src',
        ] as $prefix => $folder
    ) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . '/' . strtr(substr($class, \strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});

date_default_timezone_set('UTC');
