<?php

declare(strict_types=1);

/**
 * The autoloader of one Symfony tree. install.sh copies it into the tree, so that a test's bootstrap says
 * `require getenv('SF_ROOT').'/autoload.php'` and knows nothing of Debian's packages.
 */
(static function (): void {
    $root = __DIR__.'/usr/share/php';
    set_include_path($root);
    foreach ([
        'Symfony/Polyfill/Php83', 'Symfony/Polyfill/Php84', 'Symfony/Polyfill/Php85',
        'Symfony/Component/Runtime', 'Symfony/Component/Dotenv', 'Symfony/Component/Console',
        'Symfony/Bundle/FrameworkBundle', 'Symfony/Bundle/TwigBundle', 'Symfony/Bundle/SecurityBundle', 'Symfony/Bundle/WebProfilerBundle',
        'Symfony/Bridge/Twig', 'Symfony/Bridge/Monolog', 'Symfony/Bridge/Doctrine',
        'Symfony/Component/HttpClient', 'Symfony/Component/Messenger', 'Symfony/Component/Messenger/Bridge/Amqp',
        'Symfony/Component/Messenger/Bridge/Redis', 'Symfony/Component/Messenger/Bridge/Doctrine',
        'Symfony/Component/Validator', 'Symfony/Component/Form', 'Symfony/Component/Security/Csrf', 'Symfony/Component/Translation',
        'Symfony/Component/Serializer', 'Symfony/Component/PropertyAccess', 'Symfony/Component/BrowserKit', 'Symfony/Component/CssSelector',
        'Symfony/Component/Webhook', 'Symfony/Component/RemoteEvent', 'Symfony/Component/Yaml', 'Symfony/Component/Lock',
        'Symfony/Component/RateLimiter', 'Twig', 'Monolog', 'Doctrine/DBAL', 'Doctrine/Persistence', 'Doctrine/ORM',
    ] as $package) {
        if (is_file("$root/$package/autoload.php")) {
            require_once "$root/$package/autoload.php";
        }
    }
    if (!class_exists(\Composer\InstalledVersions::class)) {
        require __DIR__.'/InstalledVersions.php';
    }
})();
